// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/layer_preconditioners.h"

#include "engine/core/share.h"

#include <algorithm>

namespace kappascope {

namespace {

/// Calls work(part, parts): at once, or a part for each thread.
template<class Work>
void share(StepTeam* team, const Work& work) {
    if (!team) return work(0, 1);
    team->run(team->size(), [&](int part) { work(part, team->size()); });
}

} // namespace

template<class S>
void LayerPreconditioners<S>::bind(const Preconditioning<S>& method, const Network<S>& network) {
    layers_.clear();
    for (const WeightedLayer<S>* weighted : network.weighted()) {
        Layer& layer = layers_.emplace_back();
        layer.method = method.makeLayer(static_cast<int>(layers_.size()) - 1);
        if (layer.method) layer.method->bind(weighted->weightShape());
    }
    if (std::ranges::none_of(layers_, [](const Layer& layer) { return layer.method != nullptr; }))
        layers_.clear();
    factors_.assign(layers_.size(), {});
    reserve(network, batch_);
}

template<class S>
void LayerPreconditioners<S>::reserve(const Network<S>& network, Index batch) {
    batch_ = batch;
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        if (!layers_[d].method || !network.isDense(d)) continue;
        layers_[d].inputs.resize(network.weighted()[d]->inputs() * batch);
        layers_[d].shares.resize(batch);
        factors_[d] = {layers_[d].inputs.data(), layers_[d].shares.data()};
    }
}

template<class S>
void LayerPreconditioners<S>::observe(const Network<S>& network, ConstMatrixRef<S> x, StepTeam* team) {
    if (layers_.empty()) return;
    for (const Layer& layer : layers_)
        if (layer.method) layer.method->beginObserving();
    share(team, [&](int part, int parts) {
        for (std::size_t d = 0; d < layers_.size(); ++d) {
            Preconditioner<S>* const method = layers_[d].method.get();
            if (!method) continue;
            const auto [first, count] = shareOf(method->features(), part, parts);
            if (count > 0) method->observeFeatures(received(d, network, x), first, count);
        }
    });
}

template<class S>
std::span<const GradientFactor<S>> LayerPreconditioners<S>::factors(const Network<S>& network,
                                                                    ConstMatrixRef<S> x, StepTeam* team) {
    if (layers_.empty()) return factors_;
    const auto transforms = [&](std::size_t d) { return layers_[d].method && network.isDense(d); };
    for (std::size_t d = 0; d < layers_.size(); ++d)
        if (transforms(d)) {
            layers_[d].method->beginTransform(x.cols());
            factors_[d].bounds = layers_[d].method->factorBounds();
        }
    share(team, [&](int part, int parts) {
        const auto [first, count] = shareOneByOne(x.cols(), part, parts);
        for (std::size_t d = 0; d < layers_.size(); ++d) {
            if (!transforms(d)) continue;
            Layer& layer = layers_[d];
            const ConstColumns<S> H = received(d, network, x);
            const Columns<S> inputs(layer.inputs.data(), H.rows, H.cols, H.rows);
            layer.method->transformSamples(H.middleCols(first, count), inputs.middleCols(first, count),
                                           layer.shares.data() + first);
        }
    });
    return factors_;
}

template<class S>
void LayerPreconditioners<S>::transform(Network<S>& network, Index batch) {
    transform(network, batch, true);
}

template<class S>
void LayerPreconditioners<S>::transformOthers(Network<S>& network, Index batch) {
    transform(network, batch, false);
}

template<class S>
void LayerPreconditioners<S>::transform(Network<S>& network, Index batch, bool denseToo) {
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        if (!layers_[d].method || (network.isDense(d) && !denseToo)) continue;
        WeightedLayer<S>& weighted = *network.weighted()[d];
        layers_[d].method->transform(weighted.weightGradient(), weighted.biasGradient(), batch);
    }
}

template<class S>
std::vector<StateTensor<S>> LayerPreconditioners<S>::state() const {
    std::vector<StateTensor<S>> tensors;
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        if (!layers_[d].method) continue;
        for (const auto& tensor : layers_[d].method->state())
            tensors.push_back({std::to_string(d) + "." + tensor.name, tensor.values});
    }
    return tensors;
}

template class LayerPreconditioners<float>;
template class LayerPreconditioners<double>;

} // namespace kappascope
