// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/layer_plan.h"

#include "engine/core/error.h"
#include "engine/network/activation_layer.h"
#include "engine/network/add_layer.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/map_order.h"

namespace kappascope {

namespace {

/// The layer whose windows have left maps of one position, of which layer `at` gives what it gives; null
/// where features were wanted: from the data on, or by a dense layer, "flatten" or a mean over the maps.
const PlannedLayer* shrunkBy(const NetworkPlan& plan, int at) {
    while (at >= 0) {
        const PlannedLayer& planned = plan.layers[static_cast<std::size_t>(at)];
        const std::string kind = planned.layer->kind();
        at = planned.sources.from;
        const MapShape& received =
            at < 0 ? plan.inputs : plan.layers[static_cast<std::size_t>(at)].layer->outputShape();
        if (kind == "dense") return nullptr;
        if (received.flat()) continue;
        return kind == "conv2d" || kind == "max_pool" || kind == "average_pool" ? &planned : nullptr;
    }
    return nullptr;
}

} // namespace

double NetworkPlan::parameters() const {
    double count = 0;
    for (const PlannedLayer& planned : layers)
        for (const TensorShape& shape : planned.layer->parameters())
            count += static_cast<double>(shape.rows) * static_cast<double>(shape.cols);
    return count;
}

double NetworkPlan::activations() const {
    double count = 0;
    for (const PlannedLayer& planned : layers)
        count += static_cast<double>(planned.layer->outputs());
    return count;
}

void LayerStack::append(std::unique_ptr<Layer<double>> layer, const std::string& place) {
    const int from = last_;
    shape_ = layer->outputShape();
    last_ = static_cast<int>(plan_.layers.size());
    asInData_ = false;
    plan_.layers.push_back({std::move(layer), {from}, place});
}

/// Maps of several channels lie in the data one after the other.
void LayerStack::bringChannelsLast(const std::string& place) {
    if (asInData_ && shape_.channels > 1 && !shape_.flat())
        append(std::make_unique<ChannelsLast<double>>(shape_), place);
    asInData_ = false;
}

void LayerStack::flatten(const std::string& place) {
    if (!asInData_ && shape_.channels > 1 && !shape_.flat())
        append(std::make_unique<Flatten<double>>(shape_), place);
    shape_ = shape_.features();
}

void LayerStack::needMaps(const std::string& whose, const std::string& place) {
    if (shape_.flat()) {
        if (const PlannedLayer* shrinking = shrunkBy(plan_, last_))
            throw InputError(place,
                             whose + " receives maps of " + shape_.text() + " x 1 x 1, which " +
                                 shrinking->place + " has shrunk to one position",
                             "Give that layer a smaller kernel or more padding.");
        throw InputError(place,
                         whose + " receives " + shape_.text() +
                             " plain features, expected maps of channels x height x width",
                         plan_.layers.empty() ? "Choose a data set of images."
                                              : "Put it before what makes features of the maps.");
    }
    bringChannelsLast(place);
}

void LayerStack::needFeatures(const std::string& whose, const std::string& place) const {
    if (!shape_.flat())
        throw InputError(place, whose + " receives maps of " + shape_.text() + ", expected plain features",
                         "Put \"flatten\" or \"global_average_pool\" before it.");
}

LayerStack::Point LayerStack::end(const std::string& place) {
    bringChannelsLast(place);
    return {last_, shape_};
}

void LayerStack::goBackTo(const Point& point) {
    last_ = point.layer;
    shape_ = point.shape;
}

void LayerStack::join(const Point& other, const std::string& place) {
    if (other.shape != shape_)
        throw InputError(place,
                         "the branch gives " + other.shape.text() + ", its shortcut " + shape_.text() +
                             "; only equal shapes can be added",
                         "Take \"shortcut\": \"projection\", or make the branch keep its shape (padding).");
    append(std::make_unique<AddLayer<double>>(shape_), place);
    plan_.layers.back().sources.joined = other.layer;
}

void appendLayers(LayerStack& stack, const std::vector<LayerSpec>& layers, const std::string& place) {
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::string at = place + '[' + std::to_string(i) + ']';
        layerCatalog().at(layers[i].type, at + ".type").append(layers[i], stack, at);
    }
}

NetworkPlan planStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                      const MethodSpec& activation) {
    LayerStack stack(inputs);
    for (std::size_t i = 0; i < hidden.size(); ++i) {
        const std::string place = "model.hidden[" + std::to_string(i) + ']';
        stack.append(std::make_unique<Dense<double>>(stack.shape().features(), hidden[i]), place);
        stack.append(std::make_unique<ActivationLayer<double>>(activation, stack.shape()), place);
    }
    stack.append(std::make_unique<Dense<double>>(stack.shape().features(), outputs), "model.hidden");
    return stack.take();
}

NetworkPlan planLayers(const std::vector<LayerSpec>& layers, const MapShape& inputs, Index outputs,
                       const std::string& place) {
    LayerStack stack(inputs);
    appendLayers(stack, layers, place);
    if (layers.empty()) stack.flatten(place);
    stack.needFeatures("the output layer, behind the last one,", place);
    stack.append(std::make_unique<Dense<double>>(stack.shape().features(), outputs), place);
    return stack.take();
}

} // namespace kappascope
