// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"

namespace kappascope {

/// Neighbours in the flat parameter vector.
struct ParameterRange {
    Index offset = 0, size = 0;
};

/// Weight (outputs x fan-in, column-major) and bias of the layer d with weights: the layer's diagonal block.
inline ParameterRange layerRange(const Network<double>& network, int d) {
    const WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    for (const ParameterBlock& block : network.blocks())
        if (block.layer == network.positionOfWeighted(d))
            return {block.offset, (layer.fanIn() + 1) * layer.outputChannels()};
    return {};
}

/// Of a vector laid out as theta, what belongs to neuron `unit` of the layer d with weights: bias first.
inline Vector<double> partOfNeuron(const Vector<double>& whole, const Network<double>& network, int d,
                                   Index unit) {
    const WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    const Index units = layer.outputChannels();
    const double* weights = whole.data() + layerRange(network, d).offset;
    Vector<double> part(layer.fanIn() + 1);
    part[0] = weights[layer.fanIn() * units + unit];
    for (Index k = 0; k < layer.fanIn(); ++k)
        part[k + 1] = weights[k * units + unit];
    return part;
}

/// The weight alone.
inline ParameterRange weightRange(const Network<double>& network, int d) {
    const WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    return {layerRange(network, d).offset, layer.fanIn() * layer.outputChannels()};
}

inline int weightedLayers(const Network<double>& network) {
    return static_cast<int>(network.weighted().size());
}

} // namespace kappascope
