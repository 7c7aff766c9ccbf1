// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/stack.h"

#include "engine/network/activation_layer.h"
#include "engine/normalization/input_statistics.h"

#include <algorithm>

namespace kappascope {

namespace {

template<class S>
using Layers = std::vector<std::unique_ptr<Layer<S>>>;

template<class S>
NormalizationLayer<S>* asNormalization(Network<S>& network, std::size_t l) {
    return dynamic_cast<NormalizationLayer<S>*>(&network.layer(l));
}

template<class S>
bool isDense(const Layer<S>& layer) {
    return dynamic_cast<const Dense<S>*>(&layer) != nullptr;
}

/// Puts the normalization's layers among dense layers and activations.
template<class S>
std::unique_ptr<Network<S>> normalized(Layers<S> plain, const Normalization<S>& normalization) {
    const Placement placement = normalization.placement();
    Layers<S> layers;
    if (placement.inputs) layers.push_back(normalization.makeLayer(plain.front()->inputs()));
    for (std::size_t l = 0; l < plain.size(); ++l) {
        const bool last = l + 1 == plain.size();
        const bool wanted = isDense(*plain[l]) ? placement.pre : placement.post;
        const Index units = plain[l]->outputs();
        layers.push_back(std::move(plain[l]));
        if (wanted && !last) layers.push_back(normalization.makeLayer(units));
    }
    auto network = std::make_unique<Network<S>>(std::move(layers));
    for (std::size_t l = 0; l < network->depth(); ++l)
        if (auto* layer = asNormalization(*network, l))
            layer->start(Vector<double>::Zero(layer->inputs()), Vector<double>::Ones(layer->inputs()));
    return network;
}

/// W and b of a dense layer in float64.
struct Affine {
    Matrix<double> W;
    Vector<double> b;
};

template<class S>
Affine readDense(WeightedLayer<S>& dense) {
    return {dense.weight().template cast<double>(), dense.bias().template cast<double>()};
}

template<class S>
void writeDense(WeightedLayer<S>& dense, const Affine& affine) {
    dense.weight() = affine.W.template cast<S>();
    dense.bias() = affine.b.template cast<S>();
}

/// a = W x + b in terms of y = scale . x + shift: x = (y - shift)/scale.
void undoBefore(Affine& affine, const Vector<double>& scale, const Vector<double>& shift) {
    affine.W *= scale.cwiseInverse().asDiagonal();
    affine.b -= affine.W * shift;
}

/// The dense layers that, alone, compute what the network computes in evaluation mode (math.md section 3):
/// W^ = W diag(scale), b^ = b + W shift for a map in front; W^ = diag(scale) W, b^ = scale b + shift behind.
template<class S>
std::vector<Affine> foldedOut(Network<S>& network) {
    std::vector<Affine> plain;
    for (auto* dense : network.weighted())
        plain.push_back(readDense(*dense));
    std::size_t next = 0; // dense layer above l
    Vector<double> scale, shift;
    for (std::size_t l = 0; l < network.depth(); ++l) {
        if (isDense(network.layer(l))) ++next;
        auto* layer = asNormalization(network, l);
        if (!layer || !layer->evaluationMap(scale, shift)) continue;
        if (l > 0 && isDense(network.layer(l - 1))) {
            Affine& below = plain[next - 1];
            below.W = scale.asDiagonal() * below.W;
            below.b = scale.cwiseProduct(below.b) + shift;
        } else {
            Affine& above = plain[next];
            above.b += above.W * shift;
            above.W *= scale.asDiagonal();
        }
    }
    return plain;
}

/// Starts a normalization layer with what it receives over the samples, such that the function stays.
template<class S>
void unfold(Network<S>& network, std::size_t l, const InputStatistics<S>& statistics) {
    auto* layer = asNormalization(network, l);
    if (l > 0 && isDense(network.layer(l - 1))) {
        layer->startAsIdentity(statistics.mean(), statistics.variance());
        return;
    }
    layer->start(statistics.mean(), statistics.variance());
    Vector<double> scale, shift;
    if (!layer->evaluationMap(scale, shift)) return;
    auto& above = dynamic_cast<Dense<S>&>(network.layer(l + 1));
    Affine affine = readDense(above);
    undoBefore(affine, scale, shift);
    writeDense(above, affine);
}

/// Deviations that are nothing but the rounding of a constant feature's mean.
constexpr double constantDeviation = 1e-12; // relative to the mean

/// W <- W diag(1/sigma), b <- b - W mu, given the statistics of what the layer receives.
template<class S>
void standardizeInput(Dense<S>& dense, const InputStatistics<S>& statistics) {
    const Vector<double> deviation = statistics.variance().cwiseSqrt(), mean = statistics.mean();
    const Vector<double> scale =
        (deviation.array() > constantDeviation * mean.array().abs()).select(deviation.cwiseInverse(), 1.0);
    Affine affine = readDense(dense);
    affine.W *= scale.asDiagonal();
    affine.b -= affine.W * mean;
    writeDense(dense, affine);
}

} // namespace

template<class S>
std::unique_ptr<Network<S>> buildStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                                       const MethodSpec& activation, const Normalization<S>& normalization) {
    Layers<S> layers;
    for (const int width : hidden) {
        layers.push_back(std::make_unique<Dense<S>>(inputs, width));
        layers.push_back(std::make_unique<ActivationLayer<S>>(activation, width));
        inputs = width;
    }
    layers.push_back(std::make_unique<Dense<S>>(inputs, outputs));
    return normalized(std::move(layers), normalization);
}

template<class S>
void foldStandardization(Network<S>& network, const Features& x, FoldedLayers which) {
    Network<S> copy(network); // measures; its normalizations get the statistics that training would see
    copy.reserve(std::min(statisticsChunk, x.cols()));
    InputStatistics<S> statistics(copy, copy.reserved());
    const std::size_t end = which == FoldedLayers::All ? network.depth() : network.positionOfWeighted(0) + 1;
    for (std::size_t l = 0; l < end; ++l) {
        if (auto* layer = asNormalization(copy, l)) {
            statistics.measure(copy, l, x);
            layer->setStatistics(statistics.mean(), statistics.variance());
        } else if (isDense(copy.layer(l)) && !(l > 0 && asNormalization(copy, l - 1))) {
            statistics.measure(copy, l, x);
            standardizeInput(dynamic_cast<Dense<S>&>(copy.layer(l)), statistics);
        }
    }
    network.theta() = copy.theta();
}

template<class S>
std::unique_ptr<Network<S>> convertNormalization(const Network<S>& network,
                                                 const Normalization<S>& normalization, const Features& x) {
    Network<S> old(network);
    Layers<S> layers;
    for (std::size_t l = 0; l < old.depth(); ++l)
        if (!asNormalization(old, l)) layers.push_back(old.layer(l).clone());
    auto converted = normalized(std::move(layers), normalization);
    const std::vector<Affine> plain = foldedOut(old);
    for (std::size_t d = 0; d < plain.size(); ++d)
        writeDense(*converted->weighted()[d], plain[d]);

    converted->reserve(std::min(statisticsChunk, x.cols()));
    InputStatistics<S> statistics(*converted, converted->reserved());
    for (std::size_t l = 0; l < converted->depth(); ++l)
        if (asNormalization(*converted, l)) {
            statistics.measure(*converted, l, x);
            unfold(*converted, l, statistics);
        }
    converted->reserve(network.reserved());
    return converted;
}

#define INSTANTIATE(S)                                                                                       \
    template std::unique_ptr<Network<S>> buildStack(Index, const std::vector<int>&, Index,                   \
                                                    const MethodSpec&, const Normalization<S>&);             \
    template void foldStandardization(Network<S>&, const Features&, FoldedLayers);                           \
    template std::unique_ptr<Network<S>> convertNormalization(const Network<S>&, const Normalization<S>&,    \
                                                              const Features&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
