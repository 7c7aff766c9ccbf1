// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/random.h"
#include "engine/core/types.h"

namespace kappascope {

/// A rule that draws the start weights of one dense layer. Drawn in float64 whatever the run trains in, so
/// that float32 and float64 runs start alike. Biases start at zero.
struct InitializationEntry : Description {
    /// W: outputs x inputs, overwritten; parameters hold "gain" and the rule's own.
    std::function<void(Matrix<double>& W, const Parameters&, RandomStream&)> draw;
};
const Catalog<InitializationEntry>& initializationCatalog();

} // namespace kappascope
