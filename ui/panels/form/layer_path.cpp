// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/layer_path.h"

#include "engine/network/activation.h"
#include "engine/network/layer_catalog.h"
#include "ui/panels/form/parameter_form.h"

#include <algorithm>

namespace kappascope::ui {

namespace {

/// The list that the layer at `path` stands in.
Layers& listAround(Layers& layers, const LayerPath& path) {
    return path.size() == 1 ? layers : layers[static_cast<std::size_t>(path.front())].layers;
}

LayerPath withLast(LayerPath path, int last) {
    path.back() = last;
    return path;
}

/// Where a step leads; before what stands there once the layer has been taken away.
std::optional<LayerPath> placeOfStep(Layers& layers, const LayerPath& path, bool up) {
    const Layers& around = listAround(layers, path);
    const int here = path.back(), next = here + (up ? -1 : 1);
    if (next < 0 || next >= static_cast<int>(around.size())) {
        if (path.size() == 1) return std::nullopt;
        return LayerPath{path.front() + (up ? 0 : 1)}; // out of the block
    }
    const LayerSpec& beside = around[static_cast<std::size_t>(next)];
    if (!isBlock(beside) || isBlock(around[static_cast<std::size_t>(here)])) return withLast(path, next);
    return LayerPath{up ? next : here, up ? static_cast<int>(beside.layers.size()) : 0};
}

} // namespace

const LayerSpec& layerAt(const Layers& layers, const LayerPath& path) {
    const LayerSpec& outer = layers[static_cast<std::size_t>(path.front())];
    return path.size() == 1 ? outer : outer.layers[static_cast<std::size_t>(path.back())];
}

LayerSpec& layerAt(Layers& layers, const LayerPath& path) {
    return listAround(layers, path)[static_cast<std::size_t>(path.back())];
}

bool isBlock(const LayerSpec& layer) {
    const LayerEntry* entry = layerCatalog().find(layer.type);
    return entry && entry->holdsLayers;
}

void insertLayer(Layers& layers, const LayerPath& path, LayerSpec layer) {
    Layers& around = listAround(layers, path);
    around.insert(around.begin() + path.back(), std::move(layer));
}

void removeLayer(Layers& layers, const LayerPath& path) {
    Layers& around = listAround(layers, path);
    around.erase(around.begin() + path.back());
}

std::optional<LayerPath> moveLayer(Layers& layers, const LayerPath& from, LayerPath to) {
    if (to.size() > 1 && isBlock(layerAt(layers, from))) return std::nullopt;
    LayerSpec moved = layerAt(layers, from);
    removeLayer(layers, from);
    const bool sameList = from.size() == to.size() && (from.size() == 1 || from.front() == to.front());
    if (sameList && to.back() > from.back()) --to.back();
    if (from.size() == 1 && to.size() == 2 && to.front() > from.front()) --to.front(); // a block moved up
    insertLayer(layers, to, std::move(moved));
    return to;
}

std::optional<LayerPath> stepLayer(Layers& layers, const LayerPath& path, bool up) {
    const std::optional<LayerPath> to = placeOfStep(layers, path, up);
    if (!to) return std::nullopt;
    LayerSpec moved = layerAt(layers, path);
    removeLayer(layers, path);
    insertLayer(layers, *to, std::move(moved));
    return to;
}

QString layerTitle(const LayerSpec& layer) {
    if (layer.type == "activation")
        if (const auto* function = activationCatalog().find(layer.parameters.choice("function")))
            return QString::fromStdString(function->label);
    const LayerEntry* entry = layerCatalog().find(layer.type);
    if (!entry) return QString::fromStdString(layer.type);
    QString title = QString::fromStdString(entry->label);
    for (std::size_t i = 0; i < entry->parameters.size(); ++i) {
        const Parameter& parameter = entry->parameters[i];
        const auto value = layer.parameters.values().find(parameter.key);
        if (value == layer.parameters.values().end()) continue;
        if (i == 0)
            title += QLatin1Char(' ') + valueText(value->second);
        else if (value->second != parameter.standard || parameter.key == "kernel")
            title += QStringLiteral(", %1 %2").arg(QString::fromStdString(parameter.label).toLower(),
                                                   valueText(value->second));
    }
    return title;
}

Layers listOf(const ModelSpec& model, bool maps) {
    if (!model.stacked()) return layersOf(model);
    Layers layers;
    if (maps) layers.push_back(layerNamed("flatten"));
    for (const int units : model.hidden) {
        layers.push_back(layerNamed("dense"));
        layers.back().parameters.set("units", std::int64_t{units});
        LayerSpec activation = layerNamed(model.activation.method);
        for (const auto& [key, value] : model.activation.parameters.values())
            activation.parameters.set(key, value);
        layers.push_back(std::move(activation));
    }
    return layers;
}

LayerSpec newLayer(const std::string& name, const MapShape& receives) {
    LayerSpec layer = layerNamed(name);
    if (!isBlock(layer)) return layer;
    LayerSpec weighted = layerNamed(receives.flat() ? "dense" : "conv2d");
    weighted.parameters.set(receives.flat() ? "units" : "channels",
                            std::max(std::int64_t{1}, std::int64_t{receives.channels}));
    if (!receives.flat()) weighted.parameters.set("padding", Extent::square(1));
    layer.layers = {weighted, layerNamed("relu"), weighted};
    return layer;
}

} // namespace kappascope::ui
