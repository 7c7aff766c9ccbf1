// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/thread_team.h"
#include "engine/curvature/hessian_operator.h"

#include <array>
#include <cmath>
#include <string>

namespace kappascope {

/// Preconditioners that a block is looked at behind: BNP and either half of it.
struct BlockVariant {
    std::string key, name; ///< in preconditioningCatalog(), in tables
};
inline constexpr std::size_t blockVariantCount = 3;
extern const std::array<BlockVariant, blockVariantCount> blockVariants;

/// Median kappa* over the neurons of a layer, of one network.
struct LayerKappas {
    double raw = std::nan(""), after[blockVariantCount] = {}; ///< not a number where all are dead
    double improved = 0;                                      ///< share of the neurons that BNP improves
};

/// How many neurons of a layer are measured, evenly spread.
struct BlockLimits {
    Index neurons = 16, firstLayerNeurons = 2, channels = 8;
};

/// kappa* of the Hessian blocks of the neurons of layer d with weights, as they are and as P^T H P, P with
/// the defaults of training but the statistics of the operator's samples. A convolution's neurons are its
/// output channels. Throws WorkCancelled.
LayerKappas layerKappas(HessianOperator& op, int d, const BlockLimits& limits, ThreadTeam& team,
                        const Cancelled* cancelled);

} // namespace kappascope
