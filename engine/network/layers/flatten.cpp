// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_catalog.h"

namespace kappascope::layers {

LayerEntry flatten() {
    return {{.key = "flatten",
             .label = "Flatten",
             .help = "Takes maps as plain features, channel by channel and row by row (torch.nn.Flatten).",
             .reference = {},
             .parameters = {}},
            false,
            [](const LayerSpec&, LayerStack& stack, const std::string& place) { stack.flatten(place); }};
}

} // namespace kappascope::layers
