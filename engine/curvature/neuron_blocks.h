// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/reading.h"
#include "engine/core/thread_team.h"
#include "engine/curvature/hessian_operator.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// The block of a neuron's bias and weights (bias first) is H^T S H with H = [1, inputs], a sample a row, and
/// S the second derivatives of the loss in the neuron's pre-activation (LHY22, Proposition 1). After the
/// preconditioner it is P^T H^T S H P. The neurons of a convolution are its output channels; for their blocks
/// see convolution_blocks.h.
struct NeuronBlock {
    Index unit = 0;
    Reading kappa, preconditioned; ///< kappa* of both; not defined for a dead neuron, whose block is zero
    /// The larger numerical rank of the two, used for both: P is invertible, so the ranks agree.
    Index rank = 0;
    Index negative = 0; ///< samples with negative S: none for Gauss-Newton
};

/// How well a layer with weights is conditioned by what it receives: a convolution by the patches that its
/// windows see (of group 0; of more than 20,000 that many, evenly spread).
struct LayerConditioning {
    int layer = 0; ///< number of the layer
    Index inputs = 0, units = 0;
    /// kappa* of the data matrix: as it is, centred, centred and scaled to unit variance (both by the
    /// statistics of these samples), and after the layer's preconditioner (not defined where it has none).
    Reading input, centred, standardized, preconditioned;
    std::vector<NeuronBlock> blocks;      ///< of the neurons that were measured, ascending
    Index dead = 0;                       ///< of them
    Reading median, medianPreconditioned; ///< over the neurons that have one
    Reading worst, worstPreconditioned;
    Reading gain; ///< median / medianPreconditioned
};

struct LayerOptions {
    std::shared_ptr<const Preconditioner<double>> preconditioner = nullptr; ///< of the layer; null: P = I
    Index batch = 1; ///< of the mini-batches that it sees
    /// D^(1/2) of an optimizer that scales every parameter (Coordinates::root()): a neuron's P is then
    /// D^(1/2) P. Null or empty: D = I.
    const Vector<double>* root = nullptr;
    Index mostNeurons = 0; ///< measure at most so many, evenly spread; 0: all
    bool blocks = true;    ///< false: the data matrix alone
};

/// Conditioning of the layer d with weights at the operator's theta, over its data. For the Gauss-Newton
/// matrix kappa* by singular values of sqrt(S) H, never by the product; for the Hessian, whose S may be
/// negative, by the sizes of the block's eigenvalues. Blocks are not defined where a layer above couples
/// samples (BN in training mode): hold its statistics (withStatisticsHeld) and use evaluation mode. Throws
/// WorkCancelled.
LayerConditioning layerConditioning(HessianOperator& op, int d, const LayerOptions& options = {},
                                    ThreadTeam* team = nullptr, const Cancelled* cancelled = nullptr);

/// H = [1, inputs] of the dense layer d: a sample a row.
Matrix<double> dataMatrix(const HessianOperator& op, int d);

/// The block itself, H^T S H, (inputs+1) x (inputs+1), bias first. Of a dense layer.
Matrix<double> neuronBlock(HessianOperator& op, int d, Index unit);

/// P of a preconditioner as a matrix, (inputs+1) x (inputs+1), bias first; the other one for the units of a
/// group of a convolution.
Matrix<double> factorOf(const Preconditioner<double>& preconditioner, const WeightShape& shape, Index group,
                        Index batch);
Matrix<double> factorOf(const Preconditioner<double>& preconditioner, Index inputs, Index batch);

/// Singular values, descending, of a matrix with any number of rows.
Vector<double> singularValues(const Matrix<double>& A);

} // namespace kappascope
