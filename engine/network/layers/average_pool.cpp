// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/average_pool_2d.h"
#include "engine/network/layers/window.h"

namespace kappascope::layers {

LayerEntry average_pool() {
    return {{.key = "average_pool",
             .label = "Average pooling",
             .help = "The mean of each window, zeros of the padding included (torch.nn.AvgPool2d).",
             .reference = {},
             .parameters = poolingParameters()},
            false,
            appendPool<AveragePool2d<double>>};
}

} // namespace kappascope::layers
