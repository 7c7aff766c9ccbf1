// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

namespace kappascope {

template<class S>
void initializeWeights(Network<S>& network, const MethodSpec& method, std::uint64_t seed) {
    const InitializationEntry& rule = initializationCatalog().at(method.method);
    for (std::size_t d = 0; d < network.weighted().size(); ++d) {
        WeightedLayer<S>& layer = *network.weighted()[d];
        RandomStream random(seed, "weights", d);
        Matrix<double> W(layer.outputChannels(), layer.fanIn());
        rule.draw(W, layer.weightShape(), method.parameters, random);
        layer.weight() = W.template cast<S>();
        layer.bias().setZero();
    }
}

template void initializeWeights(Network<float>&, const MethodSpec&, std::uint64_t);
template void initializeWeights(Network<double>&, const MethodSpec&, std::uint64_t);

} // namespace kappascope
