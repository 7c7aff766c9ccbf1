// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/stack.h"

#include "engine/core/error.h"
#include "engine/network/activation_layer.h"
#include "engine/normalization/input_statistics.h"

#include <algorithm>

namespace kappascope {

namespace {

template<class S>
NormalizationLayer<S>* asNormalization(Network<S>& network, std::size_t l) {
    return dynamic_cast<NormalizationLayer<S>*>(&network.layer(l));
}

template<class S>
WeightedLayer<S>* asWeighted(Network<S>& network, std::size_t l) {
    return dynamic_cast<WeightedLayer<S>*>(&network.layer(l));
}

/// Layers with their sources, as they are put one behind the other.
template<class S>
struct Graph {
    std::vector<std::unique_ptr<Layer<S>>> layers;
    std::vector<Sources> sources;

    /// Returns its index.
    int add(std::unique_ptr<Layer<S>> layer, Sources from) {
        layers.push_back(std::move(layer));
        sources.push_back(from);
        return static_cast<int>(layers.size()) - 1;
    }
};

/// Which layer stands for one of the layers of before, or for the network's inputs.
class Successors {
public:
    explicit Successors(std::size_t layers) : of_(layers + 1, Sources::networkInputs) {}
    int& operator[](int layer) { return of_[static_cast<std::size_t>(layer + 1)]; }
    Sources of(const Sources& before) {
        return {(*this)[before.from],
                before.joined == Sources::none ? Sources::none : (*this)[before.joined]};
    }

private:
    std::vector<int> of_;
};

/// Puts the normalization's layers into a network that has none.
template<class S>
std::unique_ptr<Network<S>> normalized(Graph<S> plain, const Normalization<S>& normalization) {
    const Placement placement = normalization.placement();
    Graph<S> graph;
    Successors now(plain.layers.size());
    bool first = true; // no layer with weights yet
    const auto normalize = [&](int layer, const MapShape& shape) {
        now[layer] = graph.add(normalization.makeLayer(shape), {now[layer]});
    };
    for (std::size_t l = 0; l < plain.layers.size(); ++l) {
        const Layer<S>& layer = *plain.layers[l];
        const bool weighted = dynamic_cast<const WeightedLayer<S>*>(&layer);
        const bool activation = dynamic_cast<const ActivationLayer<S>*>(&layer);
        const MapShape shape = layer.outputShape();
        if (weighted && first && placement.inputs) normalize(plain.sources[l].from, layer.inputShape());
        first = first && !weighted;
        const Sources from = now.of(plain.sources[l]);
        now[static_cast<int>(l)] = graph.add(std::move(plain.layers[l]), from);
        const bool wanted = (weighted && placement.pre) || (activation && placement.post);
        if (wanted && l + 1 < plain.layers.size()) normalize(static_cast<int>(l), shape);
    }
    auto network = std::make_unique<Network<S>>(std::move(graph.layers), std::move(graph.sources));
    for (std::size_t l = 0; l < network->depth(); ++l)
        if (auto* layer = asNormalization(*network, l)) {
            const Index channels = layer->inputShape().channels;
            layer->start(Vector<double>::Zero(channels), Vector<double>::Ones(channels));
        }
    return network;
}

/// The layers of `network` but its normalizations, without their parameters.
template<class S>
Graph<S> withoutNormalizations(Network<S>& network) {
    Graph<S> plain;
    Successors now(network.depth());
    for (std::size_t l = 0; l < network.depth(); ++l)
        now[static_cast<int>(l)] = asNormalization(network, l)
                                       ? now[network.sources(l).from]
                                       : plain.add(network.layer(l).clone(), now.of(network.sources(l)));
    return plain;
}

/// W and b of a layer in float64.
struct Affine {
    Matrix<double> W;
    Vector<double> b;
};

template<class S>
Affine readAffine(WeightedLayer<S>& layer) {
    return {layer.weight().template cast<double>(), layer.bias().template cast<double>()};
}

template<class S>
void writeAffine(WeightedLayer<S>& layer, const Affine& affine) {
    layer.weight() = affine.W.template cast<S>();
    layer.bias() = affine.b.template cast<S>();
}

/// What each weight of the units of group g sees of a number for each channel.
Vector<double> overWindow(const WeightShape& shape, Index g, const Vector<double>& ofChannel) {
    return ofChannel.segment(g * shape.channelsOfGroup(), shape.channelsOfGroup())
        .replicate(shape.kernelArea, 1);
}

/// a = W (scale . x + shift) + b in terms of x: W^ = W diag(scale), b^ = b + W shift.
void foldBefore(Affine& affine, const WeightShape& shape, const Vector<double>& scale,
                const Vector<double>& shift) {
    const Index units = shape.unitsOfGroup();
    for (Index g = 0; g < shape.groups; ++g) {
        auto W = affine.W.middleRows(g * units, units);
        affine.b.segment(g * units, units) += W * overWindow(shape, g, shift);
        W *= overWindow(shape, g, scale).asDiagonal();
    }
}

/// a = W x + b with factor . (x - origin) in the place of x: W <- W diag(factor), b <- b - W origin.
void standardize(Affine& affine, const WeightShape& shape, const Vector<double>& factor,
                 const Vector<double>& origin) {
    const Index units = shape.unitsOfGroup();
    for (Index g = 0; g < shape.groups; ++g) {
        auto W = affine.W.middleRows(g * units, units);
        W *= overWindow(shape, g, factor).asDiagonal();
        affine.b.segment(g * units, units) -= W * overWindow(shape, g, origin);
    }
}

/// a = W x + b in terms of y = scale . x + shift: x = (y - shift)/scale.
void undoBefore(Affine& affine, const WeightShape& shape, const Vector<double>& scale,
                const Vector<double>& shift) {
    standardize(affine, shape, scale.cwiseInverse(), shift);
}

/// The layers with weights, by their position, that receive what layer l gives; nothing when others receive
/// it too, or windows that see zeros beyond its border.
template<class S>
std::vector<std::size_t> takers(Network<S>& network, std::size_t l) {
    std::vector<std::size_t> positions;
    const int index = static_cast<int>(l);
    for (std::size_t k = l + 1; k < network.depth(); ++k) {
        const auto [from, joined] = network.sources(k);
        if (joined == index) return {};
        if (from != index) continue;
        const WeightedLayer<S>* weighted = asWeighted(network, k);
        if (!weighted || weighted->padded()) return {};
        positions.push_back(k);
    }
    return positions;
}

template<class S>
bool behindWeights(Network<S>& network, std::size_t l) {
    const int from = network.sources(l).from;
    return from >= 0 && asWeighted(network, static_cast<std::size_t>(from));
}

/// The weights that, alone, compute what the network computes in evaluation mode (math.md section 3).
template<class S>
std::vector<Affine> foldedOut(Network<S>& network) {
    std::vector<Affine> plain;
    for (auto* layer : network.weighted())
        plain.push_back(readAffine(*layer));
    const auto at = [&](std::size_t position) -> Affine& {
        const auto d =
            std::ranges::find(network.weighted(), asWeighted(network, position)) - network.weighted().begin();
        return plain[static_cast<std::size_t>(d)];
    };
    Vector<double> scale, shift;
    for (std::size_t l = 0; l < network.depth(); ++l) {
        auto* layer = asNormalization(network, l);
        if (!layer || !layer->evaluationMap(scale, shift)) continue;
        if (behindWeights(network, l)) { // W^ = diag(scale) W, b^ = scale b + shift
            Affine& below = at(static_cast<std::size_t>(network.sources(l).from));
            below.W = scale.asDiagonal() * below.W;
            below.b = scale.cwiseProduct(below.b) + shift;
            continue;
        }
        const std::vector<std::size_t> above = takers(network, l);
        if (above.empty())
            throw InputError(
                "normalization",
                "layer " + std::to_string(l) + " (" + layer->kind() +
                    ") cannot be folded into weights: what it gives goes through pooling, a shortcut "
                    "or a padded convolution",
                "Take \"placement\": \"pre\", which can be switched at any time, or start anew.");
        for (const std::size_t k : above)
            foldBefore(at(k), asWeighted(network, k)->weightShape(), scale, shift);
    }
    return plain;
}

/// Starts a normalization layer with what it receives over the samples, such that the function stays.
template<class S>
void unfold(Network<S>& network, std::size_t l, const InputStatistics<S>& statistics) {
    auto* layer = asNormalization(network, l);
    const std::vector<std::size_t> above =
        behindWeights(network, l) ? std::vector<std::size_t>{} : takers(network, l);
    if (above.empty()) {
        layer->startAsIdentity(statistics.mean(), statistics.variance());
        return;
    }
    layer->start(statistics.mean(), statistics.variance());
    Vector<double> scale, shift;
    if (!layer->evaluationMap(scale, shift)) return;
    for (const std::size_t k : above) {
        Affine affine = readAffine(*asWeighted(network, k));
        undoBefore(affine, asWeighted(network, k)->weightShape(), scale, shift);
        writeAffine(*asWeighted(network, k), affine);
    }
}

/// Deviations that are nothing but the rounding of a constant feature's mean.
constexpr double constantDeviation = 1e-12; // relative to the mean

/// W <- W diag(1/sigma), b <- b - W mu, given the statistics of what the layer receives.
template<class S>
void standardizeInput(WeightedLayer<S>& layer, const InputStatistics<S>& statistics) {
    const Vector<double> deviation = statistics.variance().cwiseSqrt(), mean = statistics.mean();
    const Vector<double> scale =
        (deviation.array() > constantDeviation * mean.array().abs()).select(deviation.cwiseInverse(), 1.0);
    Affine affine = readAffine(layer);
    standardize(affine, layer.weightShape(), scale, mean);
    writeAffine(layer, affine);
}

} // namespace

template<class S>
std::unique_ptr<Network<S>> buildNetwork(const NetworkPlan& plan, const Normalization<S>& normalization) {
    Graph<S> plain;
    for (const PlannedLayer& planned : plan.layers)
        plain.add(planned.layer->copyAs(std::type_identity<S>{}), planned.sources);
    return normalized(std::move(plain), normalization);
}

template<class S>
std::unique_ptr<Network<S>> buildStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                                       const MethodSpec& activation, const Normalization<S>& normalization) {
    return buildNetwork(planStack(inputs, hidden, outputs, activation), normalization);
}

template<class S>
void foldStandardization(Network<S>& network, const Features& x, FoldedLayers which) {
    Network<S> copy(network); // measures; its normalizations get the statistics that training would see
    copy.reserve(std::min(evaluationChunk(copy), x.cols()));
    InputStatistics<S> statistics(copy, copy.reserved());
    const std::size_t end = which == FoldedLayers::All ? network.depth() : network.positionOfWeighted(0) + 1;
    for (std::size_t l = 0; l < end; ++l) {
        const int from = copy.sources(l).from;
        const bool normalizedInput = from >= 0 && asNormalization(copy, static_cast<std::size_t>(from));
        if (auto* layer = asNormalization(copy, l)) {
            statistics.measure(copy, l, x);
            layer->setStatistics(statistics.mean(), statistics.variance());
        } else if (asWeighted(copy, l) && !normalizedInput) {
            statistics.measure(copy, l, x);
            standardizeInput(*asWeighted(copy, l), statistics);
        }
    }
    network.theta() = copy.theta();
}

template<class S>
std::unique_ptr<Network<S>> convertNormalization(const Network<S>& network,
                                                 const Normalization<S>& normalization, const Features& x) {
    Network<S> old(network);
    const std::vector<Affine> plain = foldedOut(old);
    auto converted = normalized(withoutNormalizations(old), normalization);
    for (std::size_t d = 0; d < plain.size(); ++d)
        writeAffine(*converted->weighted()[d], plain[d]);

    converted->reserve(std::min(evaluationChunk(*converted), x.cols()));
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
    template std::unique_ptr<Network<S>> buildNetwork(const NetworkPlan&, const Normalization<S>&);          \
    template std::unique_ptr<Network<S>> buildStack(Index, const std::vector<int>&, Index,                   \
                                                    const MethodSpec&, const Normalization<S>&);             \
    template void foldStandardization(Network<S>&, const Features&, FoldedLayers);                           \
    template std::unique_ptr<Network<S>> convertNormalization(const Network<S>&, const Normalization<S>&,    \
                                                              const Features&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
