// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/dense.h"

#include "engine/network/layer_catalog.h"

namespace kappascope::layers {

LayerEntry dense() {
    return {{.key = "dense",
             .label = "Dense",
             .help = "Every unit sees all features, with weights of its own (torch.nn.Linear).",
             .reference = {},
             .parameters = {Parameter::integer("units", "Units", "Features that it gives.", 100, 1, 10'000)}},
            false,
            [](const LayerSpec& spec, LayerStack& stack, const std::string& place) {
                stack.needFeatures("a dense layer", place);
                stack.append(std::make_unique<Dense<double>>(stack.shape().features(),
                                                             spec.parameters.integer("units")),
                             place);
            }};
}

} // namespace kappascope::layers
