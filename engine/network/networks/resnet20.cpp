// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry resnet20() {
    return {{.key = "resnet20",
             .label = "ResNet-20",
             .help = "Residual network of 20 layers for images of 32 x 32: three stages of three blocks with "
                     "16, 32 and 64 channels.",
             .reference = "He, Zhang, Ren, Sun, CVPR 2016, section 4.2, with projections (its option B)",
             .parameters = {}},
            residualNetwork(16, 3, 3)};
}

} // namespace kappascope::networks
