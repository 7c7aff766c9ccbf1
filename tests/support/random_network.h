// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/activation.h"
#include "engine/normalization/stack.h"
#include "tests/support/random_matrix.h"

namespace kappascope::test {

inline MethodSpec activationSpec(const std::string& key) {
    return {key, Parameters(activationCatalog().at(key))};
}

template<class S>
std::unique_ptr<Normalization<S>> makeNormalization(const MethodSpec& spec) {
    return normalizationCatalog().at(spec.method).make<S>(spec.parameters);
}

/// Makes a network as no start is: random weights and biases, gammas of both signs, betas and stored
/// statistics.
template<class S>
void randomize(Network<S>& network, std::uint64_t seed) {
    network.theta() = randomVector<double>(network.theta().size(), seed).template cast<S>() * S(0.8);
    for (auto& [name, buffer] : network.buffers()) {
        const Vector<double> values = randomVector<double>(buffer.shape.size(), ++seed);
        VectorMap<S> target(buffer.data, values.size());
        if (buffer.shape.name == "running_var")
            target = (0.3 + values.array().square()).matrix().template cast<S>();
        else
            target = values.template cast<S>();
    }
}

template<class S>
std::unique_ptr<Network<S>> randomNetwork(Index inputs, const std::vector<int>& hidden, Index outputs,
                                          const MethodSpec& activation, const MethodSpec& normalization,
                                          std::uint64_t seed) {
    auto network = buildStack<S>(inputs, hidden, outputs, activation, *makeNormalization<S>(normalization));
    randomize(*network, seed);
    return network;
}

} // namespace kappascope::test
