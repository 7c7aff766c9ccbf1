// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer_spec.h"
#include "engine/network/network.h"

namespace kappascope {

/// A layer of a network that is planned: what it will be, where it receives from, and where it was asked for.
struct PlannedLayer {
    std::shared_ptr<const Layer<double>> layer; ///< without parameters' memory; copies of it make networks
    Sources sources;
    std::string place; ///< "model.layers[3]"
};

/// The layers of a network without normalizations, with their shapes; no memory for weights. A value.
struct NetworkPlan {
    MapShape inputs; ///< of the data, features in the order of ImageShape
    std::vector<PlannedLayer> layers;

    double parameters() const;  ///< how many; a double, since products may be huge
    double activations() const; ///< numbers that a sample's forward pass keeps
};

/// Puts a NetworkPlan together, layer by layer. Every layer is checked as it comes: what does not fit throws
/// InputError at its place, with both shapes.
class LayerStack {
public:
    explicit LayerStack(const MapShape& inputs) : shape_(inputs), plan_{inputs, {}} {}

    /// What the next layer receives, channels last.
    const MapShape& shape() const { return shape_; }
    /// A layer that takes shape(); it gives outputShape().
    void append(std::unique_ptr<Layer<double>> layer, const std::string& place);
    /// Takes the values as plain features, in the order of ImageShape.
    void flatten(const std::string& place);

    /// Throws unless the next layer receives maps, or plain features; `whose`: "a convolution".
    void needMaps(const std::string& whose, const std::string& place);
    void needFeatures(const std::string& whose, const std::string& place) const;

    /// A point to which others refer: the end of what is there.
    struct Point {
        int layer;
        MapShape shape;
    };
    Point end(const std::string& place);
    void goBackTo(const Point& point);
    /// The sum of what the present end and the other one give, which have the same shape.
    void join(const Point& other, const std::string& place);

    NetworkPlan take() { return std::move(plan_); }

private:
    void bringChannelsLast(const std::string& place);

    MapShape shape_;
    NetworkPlan plan_;
    int last_ = Sources::networkInputs;
    bool asInData_ = true; ///< nothing has changed the order of values
};

/// The network of `layers`, on data of the shape `inputs` (an image's, or {features}), with a dense layer of
/// `outputs` units behind them. `place`: of the list, "model.layers". Throws InputError where a layer does
/// not fit what it receives.
NetworkPlan planLayers(const std::vector<LayerSpec>& layers, const MapShape& inputs, Index outputs,
                       const std::string& place);

/// Dense layers of the widths inputs, hidden..., outputs, with the activation (a member of
/// activationCatalog()) behind every hidden one.
NetworkPlan planStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                      const MethodSpec& activation);

/// Appends the layers, whose places are `place`[0], ...
void appendLayers(LayerStack& stack, const std::vector<LayerSpec>& layers, const std::string& place);

} // namespace kappascope
