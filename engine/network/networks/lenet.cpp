// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry lenet() {
    return {{.key = "lenet",
             .label = "LeNet-5, with ReLU",
             .help = "Two convolutions of 5 x 5 with 6 and 16 channels, each with max pooling, and dense "
                     "layers of 120 and 84 units; for images of 28 x 28 and more.",
             .reference = "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 86(11), 1998, with ReLU and max "
                          "pooling for its own functions",
             .parameters = {}},
            {convolution(6, 5, 1, 2), layerNamed("relu"), layerNamed("max_pool"), convolution(16, 5, 1, 0),
             layerNamed("relu"), layerNamed("max_pool"), layerNamed("flatten"), denseLayer(120),
             layerNamed("relu"), denseLayer(84), layerNamed("relu")}};
}

} // namespace kappascope::networks
