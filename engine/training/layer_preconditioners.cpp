// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/layer_preconditioners.h"

#include <algorithm>

namespace kappascope {

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
void LayerPreconditioners<S>::observe(const Network<S>& network, ConstMatrixRef<S> x) {
    for (std::size_t d = 0; d < layers_.size(); ++d)
        if (layers_[d].method)
            layers_[d].method->observe(network.inputOf(network.positionOfWeighted(static_cast<int>(d)), x));
}

template<class S>
std::span<const GradientFactor<S>> LayerPreconditioners<S>::factors(const Network<S>& network,
                                                                    ConstMatrixRef<S> x) {
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        Layer& layer = layers_[d];
        if (!layer.method || !network.isDense(d)) continue;
        const auto received = network.inputOf(network.positionOfWeighted(static_cast<int>(d)), x);
        layer.method->transformInputs(received,
                                      MatrixMap<S>(layer.inputs.data(), received.rows(), received.cols()),
                                      layer.shares.head(x.cols()));
    }
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
