// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/random.h"
#include "engine/core/types.h"
#include "engine/network/network.h"

namespace kappascope {

/// A rule that draws the start weights of one layer, dense or a convolution. Drawn in float64 whatever the
/// run trains in, so that float32 and float64 runs start alike. Biases start at zero.
struct InitializationEntry : Description {
    /// W: outputs x fan-in, overwritten; parameters hold "gain" and the rule's own.
    std::function<void(Matrix<double>& W, const WeightShape&, const Parameters&, RandomStream&)> draw;
};
const Catalog<InitializationEntry>& initializationCatalog();

/// Draws the weights of every layer by `method`, the layer d from the stream ("weights", d) of
/// `seed`, so that a layer's weights do not depend on the other layers' sizes nor on the normalization; sets
/// the biases to zero and leaves normalizations alone.
template<class S>
void initializeWeights(Network<S>& network, const MethodSpec& method, std::uint64_t seed);

} // namespace kappascope
