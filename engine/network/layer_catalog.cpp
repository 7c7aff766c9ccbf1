// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_catalog.h"

#include "engine/network/activation.h"

#include <algorithm>

// A new kind of layer is one file in the folder layers and one ADD here.
#define LAYERS(ADD)                                                                                          \
    ADD(conv2d)                                                                                              \
    ADD(activation)                                                                                          \
    ADD(max_pool)                                                                                            \
    ADD(average_pool)                                                                                        \
    ADD(global_average_pool)                                                                                 \
    ADD(flatten)                                                                                             \
    ADD(dense)                                                                                               \
    ADD(residual)

namespace kappascope {

namespace layers {
#define ADD(name) LayerEntry name();
LAYERS(ADD)
#undef ADD
} // namespace layers

const Catalog<LayerEntry>& layerCatalog() {
#define ADD(name) layers::name(),
    static const Catalog<LayerEntry> catalog("layer", {LAYERS(ADD)});
#undef ADD
    return catalog;
}

std::vector<Parameter> layerParameters(const std::string& type, const std::string& function) {
    std::vector<Parameter> all = layerCatalog().at(type).parameters;
    if (type == "activation")
        for (const Parameter& parameter : activationCatalog().at(function).parameters)
            all.push_back(parameter);
    return all;
}

LayerSpec layerNamed(const std::string& name, const std::string& place) {
    const bool function = !layerCatalog().find(name) && activationCatalog().find(name);
    if (!function) {
        std::vector<std::string> known = layerCatalog().keys();
        std::ranges::copy(activationCatalog().keys(), std::back_inserter(known));
        if (!layerCatalog().find(name))
            throw InputError(place, "unknown layer '" + name + "'", suggestName(name, known));
    }
    LayerSpec spec{function ? "activation" : name, {}, {}};
    const std::string chosen = function ? name : "relu";
    for (const Parameter& parameter : layerParameters(spec.type, chosen))
        spec.parameters.set(parameter.key, parameter.standard);
    if (function) spec.parameters.set("function", name);
    return spec;
}

void checkLayers(const std::vector<LayerSpec>& layers, const std::string& place) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LayerSpec& layer = layers[i];
        const std::string at = place + '[' + std::to_string(i) + ']';
        const LayerEntry& entry = layerCatalog().at(layer.type, at + ".type");
        const bool activation = layer.type == "activation" && layer.parameters.has("function");
        const std::string function = activation ? layer.parameters.choice("function") : "relu";
        activationCatalog().at(function, at + ".function");
        const auto parameters = layerParameters(layer.type, function);
        for (const Parameter& parameter : parameters) {
            if (!layer.parameters.has(parameter.key))
                throw InputError(at + '.' + parameter.key, "missing, expected " + parameter.expected());
            parameter.check(layer.parameters.values().at(parameter.key), at + '.' + parameter.key);
        }
        for (const auto& [key, value] : layer.parameters.values())
            if (std::ranges::find(parameters, key, &Parameter::key) == parameters.end())
                throw InputError(at + '.' + key,
                                 "the layer '" + layer.type + "' has no parameter '" + key + "'");
        if (!layer.layers.empty() && !entry.holdsLayers)
            throw InputError(at + ".layers", "the layer '" + layer.type + "' holds no layers");
        for (std::size_t k = 0; k < layer.layers.size(); ++k)
            if (layerCatalog().at(layer.layers[k].type, at).holdsLayers)
                throw InputError(at + ".layers[" + std::to_string(k) + ']', "a block within a block",
                                 "Put the blocks one behind the other.");
        checkLayers(layer.layers, at + ".layers");
    }
}

std::size_t countWeighted(const std::vector<LayerSpec>& layers) {
    std::size_t count = 0;
    for (const LayerSpec& layer : layers) {
        count += layer.type == "conv2d" || layer.type == "dense" ? 1 : countWeighted(layer.layers);
        if (layer.type == "residual" && layer.parameters.choice("shortcut") == "projection") ++count;
    }
    return count;
}

std::size_t countLayers(const std::vector<LayerSpec>& layers) {
    std::size_t count = layers.size();
    for (const LayerSpec& layer : layers)
        count += countLayers(layer.layers);
    return count;
}

} // namespace kappascope
