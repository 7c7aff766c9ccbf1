// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layers/window.h"
#include "engine/network/max_pool_2d.h"

namespace kappascope::layers {

LayerEntry max_pool() {
    return {{.key = "max_pool",
             .label = "Max pooling",
             .help = "The largest value of each window, channel by channel (torch.nn.MaxPool2d).",
             .reference = {},
             .parameters = poolingParameters()},
            false,
            appendPool<MaxPool2d<double>>};
}

} // namespace kappascope::layers
