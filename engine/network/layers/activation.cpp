// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation_layer.h"
#include "engine/network/layer_catalog.h"

namespace kappascope::layers {

namespace {

void append(const LayerSpec& spec, LayerStack& stack, const std::string& place) {
    const std::string& function = spec.parameters.choice("function");
    MethodSpec method{function, {}};
    for (const Parameter& parameter : activationCatalog().at(function, place + ".function").parameters)
        method.parameters.set(parameter.key, spec.parameters.values().at(parameter.key));
    stack.append(std::make_unique<ActivationLayer<double>>(std::move(method), stack.end(place).shape), place);
}

} // namespace

LayerEntry activation() {
    return {{.key = "activation",
             .label = "Activation",
             .help = "A function of every value; its own parameters stand beside it. Its name alone, such as "
                     "\"relu\", is such a layer too.",
             .reference = {},
             .parameters = {Parameter::choice("function", "Function", "Which one.", "relu",
                                              activationCatalog().keys())}},
            false,
            append};
}

} // namespace kappascope::layers
