// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/curvature/hessian_operator.h"

namespace kappascope {

/// Blocks of curvature of a convolution. That of an output channel, its bias first and then its weights, is
/// the sum over the samples of H_n^T S_n H_n, where the rows of H_n = [1, patches] are the positions and S_n
/// holds the second derivatives of the sample's loss in the channel's pre-activations there. Unlike that of a
/// dense layer (LHY22, Proposition 1) S_n is no diagonal: what is downstream lets positions meet.

/// [1, patches] of what a layer with weights receives: a row for each position of each sample, of more than
/// `most` that many, evenly spread. fanIn + 1 columns. `group`: which channels the windows see.
Matrix<double> patchMatrix(HessianOperator& op, int d, Index group, Index most);

/// Of each of `channels` of layer d a matrix A such that A^T A is its block of the Gauss-Newton matrix: rows
/// are samples x outputs, A_n = (d^2 L_n/dz^2)^(1/2) dz/d(bias, weights), the Jacobian by one backward pass
/// for each output. Not where samples are coupled above the layer. Throws WorkCancelled.
std::vector<Matrix<double>> channelFactors(HessianOperator& op, int d, const std::vector<Index>& channels,
                                           const Cancelled* cancelled = nullptr);

/// The block of a unit of layer d of the operator's own matrix, bias first, by fanIn + 1 products. Throws
/// WorkCancelled.
Matrix<double> unitBlock(HessianOperator& op, int d, Index unit, const Cancelled* cancelled = nullptr);

} // namespace kappascope
