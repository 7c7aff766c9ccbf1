// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/features.h"
#include "engine/network/network.h"
#include "engine/normalization/normalization.h"

#include <vector>

namespace kappascope {

/// A network of dense layers of the widths inputs, hidden..., outputs, with the activation (a member of
/// activationCatalog()) behind every hidden one, and the normalization's layers where its placement says.
/// Weights and biases are zero; normalizations start with gamma = 1, beta = 0, mean 0 and variance 1.
template<class S>
std::unique_ptr<Network<S>> buildStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                                       const MethodSpec& activation, const Normalization<S>& normalization);

/// Which dense layers' inputs foldStandardization() standardizes.
enum class FoldedLayers { First, All };

/// Folds the standardization of what a dense layer receives, over the samples x, into its weights and bias
/// (math.md section 2, "fold"): W <- W diag(1/sigma), b <- b - W diag(1/sigma) mu; features without deviation
/// are only centred. Bottom up, each layer over the already folded ones below. The network is at its start;
/// a dense layer right behind a normalization is left alone, since it receives standardized values already.
/// Stored statistics stay as they were.
template<class S>
void foldStandardization(Network<S>& network, const Features& x, FoldedLayers which);

/// The network with another normalization and the same function in evaluation mode (math.md section 3): the
/// old normalization layers are folded into the dense layers, then the new ones unfolded with the statistics
/// of the training inputs x. Behind an activation or at the input, gamma = 1, beta = 0, and the dense layer
/// that follows undoes it (W <- W diag(s), b <- b + W mu); before an activation, where no layer could undo
/// it, gamma = s and beta = mu. A normalization that is not affine in evaluation mode cannot be folded and is
/// dropped.
template<class S>
std::unique_ptr<Network<S>> convertNormalization(const Network<S>& network,
                                                 const Normalization<S>& normalization, const Features& x);

} // namespace kappascope
