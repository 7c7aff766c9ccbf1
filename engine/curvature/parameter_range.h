// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"

namespace kappascope {

/// Neighbours in the flat parameter vector.
struct ParameterRange {
    Index offset = 0, size = 0;
};

/// Weight (outputs x inputs, column-major) and bias of dense layer d: the layer's diagonal block.
inline ParameterRange denseRange(const Network<double>& network, int d) {
    const Dense<double>& dense = *network.dense()[static_cast<std::size_t>(d)];
    for (const ParameterBlock& block : network.blocks())
        if (block.layer == network.positionOfDense(d))
            return {block.offset, (dense.inputs() + 1) * dense.outputs()};
    return {};
}

/// The weight alone.
inline ParameterRange weightRange(const Network<double>& network, int d) {
    const Dense<double>& dense = *network.dense()[static_cast<std::size_t>(d)];
    return {denseRange(network, d).offset, dense.inputs() * dense.outputs()};
}

inline int denseLayers(const Network<double>& network) {
    return static_cast<int>(network.dense().size());
}

} // namespace kappascope
