// SPDX-License-Identifier: GPL-3.0-or-later
// The passes of a network that is nothing but narrow layers and a dense one behind them. What the layers cost
// by themselves is little then: going by the general way from one to the next cost as much as they did.
#include "engine/network/network.h"

namespace kappascope {

template<class S>
void Network<S>::link() {
    chain_.clear();
    const std::size_t last = layers_.size() - 1;
    if (last == 0 || last % 2 != 0 || !denseAt_[last]) return;
    for (std::size_t l = 0; l < last; l += 2)
        if (!denseAt_[l] || !narrowAt_[l].forward || !narrowAt_[l].backward) return;
    for (std::size_t l = 0; l < last; l += 2)
        chain_.push_back(denseAt_[l]->link(narrowAt_[l], activations_[l].data(), activations_[l + 1].data(),
                                           deltas_[l + 2].data()));
}

/// Whether a batch of n goes through the chain. (Few samples go back by dot products.)
template<class S>
bool Network<S>::isChain(Index n) const {
    return !chain_.empty() && !team_ && !products::byDots(layers_.back()->outputs(), n);
}

template<class S>
void Network<S>::forwardChain(const ConstColumns<S>& x) {
    narrowLayers<S>().forward(chainOf(x));
    const Samples all{0, x.cols};
    denseAt_.back()->apply(given(layers_.size() - 2, all), given(layers_.size() - 1, all), 0);
}

template<class S>
void Network<S>::differentiate(const ConstColumns<S>& x, const Columns<S>& dz) {
    if (!isChain(x.cols)) {
        propagate(x, dz);
        setWeightGradients(x);
        return;
    }
    placeGradients(dz, x.cols);
    Dense<S>& last = *denseAt_.back();
    narrowLayers<S>().backward(chainOf(x), last.narrowProjection(dz));
    last.setGradient(given(layers_.size() - 2, {0, x.cols}), nullptr, dz, 0, last.inputs());
}

#define INSTANTIATE(S)                                                                                       \
    template void Network<S>::link();                                                                        \
    template bool Network<S>::isChain(Index) const;                                                          \
    template void Network<S>::forwardChain(const ConstColumns<S>&);                                          \
    template void Network<S>::differentiate(const ConstColumns<S>&, const Columns<S>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
