// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry resnet110() {
    return {{.key = "resnet110",
             .label = "ResNet-110",
             .help = "Residual network of 110 layers for images of 32 x 32: three stages of 18 blocks with "
                     "16, 32 and 64 channels.",
             .reference = "He, Zhang, Ren, Sun, CVPR 2016, section 4.2, with projections (its option B)",
             .parameters = {}},
            residualNetwork(16, 3, 18)};
}

} // namespace kappascope::networks
