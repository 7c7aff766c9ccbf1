// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/features.h"
#include "engine/network/layer_plan.h"
#include "engine/normalization/normalization.h"

#include <vector>

namespace kappascope {

/// A network of dense layers of the widths inputs, hidden..., outputs, with the activation (a member of
/// activationCatalog()) behind every hidden one, and the normalization's layers where its placement says.
/// Weights and biases are zero; normalizations start with gamma = 1, beta = 0, mean 0 and variance 1.
template<class S>
std::unique_ptr<Network<S>> buildStack(Index inputs, const std::vector<int>& hidden, Index outputs,
                                       const MethodSpec& activation, const Normalization<S>& normalization);

/// The planned network with the normalization's layers where its placement says: before the first layer with
/// weights, per channel where that receives maps; behind every hidden one ('pre'), those in residual branches
/// and projections too; behind every activation ('post').
template<class S>
std::unique_ptr<Network<S>> buildNetwork(const NetworkPlan& plan, const Normalization<S>& normalization);

/// Which layers' inputs foldStandardization() standardizes.
enum class FoldedLayers { First, All };

/// Folds the standardization of what a layer with weights receives, over the samples x, into its weights and
/// bias (math.md section 2, "fold"): W <- W diag(1/sigma), b <- b - W diag(1/sigma) mu; features without
/// deviation are only centred. Of a convolution mu and sigma belong to a channel; beyond the border its
/// windows go on to see zeros, which are not the mean. Bottom up, each layer over the already folded ones
/// below. The network is at its start; a layer right behind a normalization is left alone, since it receives
/// standardized values already. Stored statistics stay as they were.
template<class S>
void foldStandardization(Network<S>& network, const Features& x, FoldedLayers which);

/// The network with another normalization and the same function in evaluation mode (math.md section 3): the
/// old normalization layers are folded into the layers with weights, then the new ones unfolded with the
/// statistics of the training inputs x. Where the values go into layers with weights and nowhere else, gamma
/// = 1, beta = 0, and those layers undo it (W <- W diag(s), b <- b + W mu); where they do not (before an
/// activation, a pooling layer, a shortcut, or a convolution with padding, whose zeros are no means), gamma =
/// s and beta = mu. For the same reason an old normalization in such a place, unless it stands behind a layer
/// with weights, has no weights that could take it over: throws InputError, which says so. A normalization
/// that is not affine in evaluation mode cannot be folded and is dropped.
template<class S>
std::unique_ptr<Network<S>> convertNormalization(const Network<S>& network,
                                                 const Normalization<S>& normalization, const Features& x);

} // namespace kappascope
