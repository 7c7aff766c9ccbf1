// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry cnn5() {
    return {{.key = "cnn5",
             .label = "Five layers for CIFAR-10",
             .help = "Three convolutions of 3 x 3 with 32, 64 and 64 channels, max pooling behind the first "
                     "two, and dense layers of 64 units and of the outputs. All sizes are this program's "
                     "choice, not taken from the paper.",
             .reference =
                 "Lange, Helfrich, Ye, JMLR 23(72), 2022, section 5, trains a CNN of five layers on CIFAR-10",
             .parameters = {}},
            {convolution(32, 3, 1, 0), layerNamed("relu"), layerNamed("max_pool"), convolution(64, 3, 1, 0),
             layerNamed("relu"), layerNamed("max_pool"), convolution(64, 3, 1, 0), layerNamed("relu"),
             layerNamed("flatten"), denseLayer(64), layerNamed("relu")}};
}

} // namespace kappascope::networks
