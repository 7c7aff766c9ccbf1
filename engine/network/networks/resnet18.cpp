// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry resnet18() {
    return {{.key = "resnet18",
             .label = "ResNet-18, for 32 x 32",
             .help = "Residual network of 18 layers with 64 to 512 channels, its first convolution 3 x 3 "
                     "without pooling, as is usual for images of 32 x 32.",
             .reference = "He, Zhang, Ren, Sun, CVPR 2016, table 1, with a first layer for small images",
             .parameters = {}},
            residualNetwork(64, 4, 2)};
}

} // namespace kappascope::networks
