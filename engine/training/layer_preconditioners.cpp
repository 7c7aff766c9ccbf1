// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/layer_preconditioners.h"

namespace kappascope {

template<class S>
void LayerPreconditioners<S>::bind(const Preconditioning<S>& method, const Network<S>& network) {
    layers_.clear();
    for (const Dense<S>* dense : network.dense()) {
        auto& layer = layers_.emplace_back(method.makeLayer(static_cast<int>(layers_.size())));
        if (layer) layer->bind(dense->inputs(), dense->outputs());
    }
}

template<class S>
void LayerPreconditioners<S>::apply(Network<S>& network, ConstMatrixRef<S> x) {
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        if (!layers_[d]) continue;
        layers_[d]->observe(network.inputOf(network.positionOfDense(static_cast<int>(d)), x));
        Dense<S>& dense = *network.dense()[d];
        layers_[d]->transform(dense.weightGradient(), dense.biasGradient(), x.cols());
    }
}

template<class S>
std::vector<StateTensor<S>> LayerPreconditioners<S>::state() const {
    std::vector<StateTensor<S>> tensors;
    for (std::size_t d = 0; d < layers_.size(); ++d) {
        if (!layers_[d]) continue;
        for (const auto& tensor : layers_[d]->state())
            tensors.push_back({std::to_string(d) + "." + tensor.name, tensor.values});
    }
    return tensors;
}

template class LayerPreconditioners<float>;
template class LayerPreconditioners<double>;

} // namespace kappascope
