// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/average_pool_2d.h"
#include "engine/network/layer_catalog.h"

namespace kappascope::layers {

LayerEntry global_average_pool() {
    return {{.key = "global_average_pool",
             .label = "Global average pooling",
             .help = "The mean of each channel over all positions: as many features as there are channels "
                     "(torch.nn.AdaptiveAvgPool2d(1)).",
             .reference = "Lin, Chen, Yan, ICLR 2014, section 3.2",
             .parameters = {}},
            false,
            [](const LayerSpec&, LayerStack& stack, const std::string& place) {
                stack.needMaps("global average pooling", place);
                stack.append(std::make_unique<GlobalAveragePool<double>>(stack.shape()), place);
            }};
}

} // namespace kappascope::layers
