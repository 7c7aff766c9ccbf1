// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_outline.h"

#include "engine/network/layer_catalog.h"

#include <algorithm>
#include <map>

namespace kappascope {

namespace {

/// A row for each layer, still without its shape.
void listLayers(const std::vector<LayerSpec>& layers, const std::string& place, LayerOutline& outline) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        outline.layers.push_back({place + '[' + std::to_string(i) + ']', {}, 0});
        listLayers(layers[i].layers, outline.layers.back().place + ".layers", outline);
    }
}

/// Appends `layers` to the stack and tells what each gives, from outline.layers[row] on. Returns the row
/// behind them. Throws as the layers do.
std::size_t appendOutlined(const std::vector<LayerSpec>& layers, LayerStack& stack, std::size_t row,
                           LayerOutline& outline) {
    for (const LayerSpec& layer : layers) {
        OutlinedLayer& outlined = outline.layers[row];
        if (!layer.layers.empty()) {
            LayerStack branch(stack.shape());
            row = appendOutlined(layer.layers, branch, row + 1, outline) - 1;
        }
        layerCatalog().at(layer.type).append(layer, stack, outlined.place);
        outlined.gives = stack.shape();
        ++row;
    }
    return row;
}

bool isWithin(const std::string& place, const std::string& whole) {
    return place.starts_with(whole) && (place.size() == whole.size() || place[whole.size()] == '.');
}

/// The innermost layer that the mistake's place lies in.
std::optional<std::size_t> rowAt(const std::string& place, const LayerOutline& outline) {
    std::optional<std::size_t> row;
    for (std::size_t k = 0; k < outline.layers.size(); ++k)
        if (isWithin(place, outline.layers[k].place)) row = k;
    return row;
}

void countParameters(const NetworkPlan& plan, LayerOutline& outline) {
    for (const PlannedLayer& planned : plan.layers) {
        double count = 0;
        for (const TensorShape& shape : planned.layer->parameters())
            count += static_cast<double>(shape.rows) * static_cast<double>(shape.cols);
        if (count == 0) continue;
        if (planned.place == outline.output.place) outline.output.parameters += count;
        for (OutlinedLayer& outlined : outline.layers)
            if (isWithin(planned.place, outlined.place)) outlined.parameters += count;
    }
}

} // namespace

double LayerOutline::parameters() const {
    double sum = output.parameters;
    for (const OutlinedLayer& layer : layers)
        if (layer.place.find('.', layer.place.find(']')) == std::string::npos) sum += layer.parameters;
    return sum;
}

LayerOutline outlineLayers(const std::vector<LayerSpec>& layers, const MapShape& inputs, Index outputs,
                           const std::string& place) {
    LayerOutline outline;
    listLayers(layers, place, outline);
    outline.output.place = place;
    LayerStack stack(inputs);
    NetworkPlan plan;
    try {
        checkLayers(layers, place);
        appendOutlined(layers, stack, 0, outline);
        plan = planLayers(layers, inputs, outputs, place);
        outline.output.gives = outputs;
    } catch (const InputError& error) {
        outline.mistake = error;
        outline.mistaken = rowAt(error.place(), outline);
        plan = stack.take();
    }
    countParameters(plan, outline);
    return outline;
}

} // namespace kappascope
