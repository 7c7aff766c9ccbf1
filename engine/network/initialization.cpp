// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

namespace kappascope {

template<class S>
void initializeWeights(Network<S>& network, const MethodSpec& method, std::uint64_t seed) {
    const InitializationEntry& rule = initializationCatalog().at(method.method);
    for (std::size_t d = 0; d < network.dense().size(); ++d) {
        Dense<S>& dense = *network.dense()[d];
        RandomStream random(seed, "weights", d);
        Matrix<double> W(dense.outputs(), dense.inputs());
        rule.draw(W, method.parameters, random);
        dense.weight() = W.template cast<S>();
        dense.bias().setZero();
    }
}

template void initializeWeights(Network<float>&, const MethodSpec&, std::uint64_t);
template void initializeWeights(Network<double>&, const MethodSpec&, std::uint64_t);

} // namespace kappascope
