// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/layer_fields.h"

#include "engine/network/activation.h"
#include "engine/network/layer_catalog.h"

namespace kappascope {

namespace {

const char* const typeKey = "type";
const char* const layersKey = "layers";
const char* const functionKey = "function";

std::vector<std::string> layerNames() {
    std::vector<std::string> names = layerCatalog().keys();
    for (const std::string& function : activationCatalog().keys())
        names.push_back(function);
    return names;
}

std::string textAt(const Json& object, const char* key, const std::string& place) {
    const Json& value = object.at(key);
    if (!value.is_string())
        throw InputError(joinPath(place, key), "found " + describe(value) + ", expected a name");
    return value.get<std::string>();
}

LayerSpec readLayer(const Json& value, const std::string& place) {
    if (value.is_string()) {
        LayerSpec layer = layerNamed(value.get<std::string>(), place);
        if (layerCatalog().at(layer.type).holdsLayers)
            throw InputError(place, "'" + layer.type + "' needs its layers",
                             "Write {\"type\": \"" + layer.type + "\", \"layers\": [ ... ]}.");
        return layer;
    }
    if (!value.is_object() || !value.contains(typeKey))
        throw InputError(place, "found " + describe(value) +
                                    ", expected a layer's name or an object with its 'type'");
    LayerSpec layer{textAt(value, typeKey, place), {}, {}};
    const LayerEntry& entry = layerCatalog().at(layer.type, joinPath(place, typeKey));
    std::string function = "relu";
    if (layer.type == "activation" && value.contains(functionKey)) {
        function = textAt(value, functionKey, place);
        activationCatalog().at(function, joinPath(place, functionKey));
    }
    std::vector<std::string> known{typeKey};
    for (const Parameter& parameter : layerParameters(layer.type, function)) {
        known.push_back(parameter.key);
        const auto found = value.find(parameter.key);
        layer.parameters.set(parameter.key,
                             found == value.end()
                                 ? parameter.standard
                                 : readParameter(parameter, *found, joinPath(place, parameter.key)));
    }
    if (entry.holdsLayers) known.push_back(layersKey);
    checkKeys(value, known, place, "the layer '" + layer.type + "'");
    if (entry.holdsLayers) {
        const std::string at = joinPath(place, layersKey);
        if (!value.contains(layersKey)) throw InputError(at, "missing, expected a list of layers");
        layer.layers = readLayers(value.at(layersKey), at);
    }
    return layer;
}

/// The name alone where nothing else is to be said.
Json writeLayer(const LayerSpec& layer) {
    Json value{{typeKey, layer.type}};
    for (const auto& [key, parameter] : layer.parameters.values())
        value[key] = writeParameter(parameter);
    if (layerCatalog().at(layer.type).holdsLayers) value[layersKey] = writeLayers(layer.layers);
    if (value.size() == 1) return layer.type;
    if (layer.type == "activation" && value.size() == 2) return value[functionKey];
    return value;
}

/// An object of a type; `chosen`: the function of an activation.
Json variant(const LayerEntry& entry, const std::string& chosen, const Json& branch) {
    Json properties{{typeKey, {{"const", entry.key}}}};
    Json required = Json::array({typeKey});
    for (const Parameter& parameter : layerParameters(entry.key, chosen))
        properties[parameter.key] = parameterSchema(parameter);
    if (entry.key == "activation") {
        properties[functionKey] = {{"const", chosen}};
        if (chosen != "relu") required.push_back(functionKey);
    }
    if (entry.holdsLayers) {
        properties[layersKey] = branch;
        required.push_back(layersKey);
    }
    return {{"type", "object"},
            {"description", entry.help},
            {"properties", std::move(properties)},
            {"required", std::move(required)},
            {"additionalProperties", false}};
}

/// A list of layers; `branch`: the schema of the lists within, null: none are allowed.
Json listSchema(const Json& branch) {
    std::vector<std::string> names;
    for (const std::string& name : layerNames())
        if (const LayerEntry* entry = layerCatalog().find(name); !entry || !entry->holdsLayers)
            names.push_back(name);
    Json variants = Json::array({{{"enum", names}}});
    for (const LayerEntry& entry : layerCatalog().entries()) {
        if (entry.holdsLayers && branch.is_null()) continue;
        const bool activation = entry.key == "activation";
        for (const std::string& function :
             activation ? activationCatalog().keys() : std::vector<std::string>{"relu"})
            variants.push_back(variant(entry, function, branch));
    }
    return {{"type", "array"}, {"minItems", 1}, {"items", {{"oneOf", std::move(variants)}}}};
}

} // namespace

std::vector<LayerSpec> readLayers(const Json& value, const std::string& place) {
    if (!value.is_array() || value.empty())
        throw InputError(place, "found " + (value.is_array() ? "an empty list" : describe(value)) +
                                    ", expected a list of layers");
    std::vector<LayerSpec> layers;
    for (std::size_t i = 0; i < value.size(); ++i)
        layers.push_back(readLayer(value[i], joinPath(place, i)));
    return layers;
}

Json writeLayers(const std::vector<LayerSpec>& layers) {
    Json list = Json::array();
    for (const LayerSpec& layer : layers)
        list.push_back(writeLayer(layer));
    return list;
}

Json layersSchema() {
    return listSchema(listSchema(nullptr));
}

} // namespace kappascope
