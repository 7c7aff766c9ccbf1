// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/alignment.h"
#include "engine/curvature/coordinates.h"
#include "engine/curvature/neuron_blocks.h"
#include "engine/curvature/spectrum_reading.h"
#include "engine/laboratory/rate_theory.h"
#include "engine/laboratory/snapshot.h"

#include <algorithm>

namespace kappascope {

/// What to measure of a snapshot. A value.
struct CurvatureRequest {
    /// The training set (a seeded probe batch of it when it is larger than mostSamples), or the mini-batch of
    /// the run's next step.
    enum class Samples { TrainingSet, MiniBatch };
    Samples samples = Samples::TrainingSet;
    Index mostSamples = 2000;
    CurvatureMatrix matrix = CurvatureMatrix::Hessian;
    Mode mode =
        Mode::Training;   ///< training: what the optimizer meets, batch statistics differentiated through
    bool penalty = false; ///< add the L2 penalty of the run to the loss
    double tau = standardTau;

    bool whole = true;         ///< the spectrum of the whole network
    bool layers = true;        ///< the spectra of the dense layers' diagonal blocks
    bool neurons = true;       ///< the conditioning of each layer's inputs and of its neurons' blocks
    bool alignment = true;     ///< of the labels with the last hidden representation
    bool withVectors = false;  ///< eigenvectors of the whole network's exact spectra, too
    bool withMatrices = false; ///< the matrices of a whole network of at most largestPictured parameters
    static constexpr Index largestPictured = 800;
    /// Neurons of each layer; 0: all. Layers of many inputs get fewer, as their cost grows with the third
    /// power.
    Index mostNeurons = 32; ///< of each layer, evenly spread, fewer where inputs are many; 0: all
    Index largestDense = largestDenseSpectrum; ///< parameters up to which spectra are exact
    std::uint64_t seed = 0;                    ///< of probe batch and random vectors

    bool operator==(const CurvatureRequest&) const = default;
};

/// The spectrum of a diagonal block (or of all) of the matrix, as it is and as the run's updates meet it.
struct BlockReading {
    static constexpr int wholeNetwork = -1;
    int layer = wholeNetwork;        ///< dense layer, or the whole network
    SpectrumReading raw;             ///< of H
    SpectrumReading preconditioned;  ///< of P^T H P; equal to raw where P = I
    MatchedCondition matched;        ///< kappa_r of both and the gain; estimates: average kappas, r = all
    Reading bestStep, predictedRate; ///< of the preconditioned matrix
};

/// Everything that one measurement found. Immutable once made.
struct CurvatureReading {
    CurvatureRequest request;         ///< that it answers
    int run = 0;                      ///< RunSpec::id
    std::int64_t step = 0;            ///< steps done; the reading's age is the run's steps since
    std::string of;                   ///< "Hessian, training mode, all 200 training samples, without penalty"
    std::string ofBlocks;             ///< the same for `conditioning`
    std::string whyNotPreconditioned; ///< why P^T H P is not defined; empty when it is
    /// The optimizer scales what the preconditioner returns: P P^T stands for an update that is not symmetric
    /// (Coordinates::symmetrized()).
    bool symmetrized = false;
    bool identity = true; ///< P = I
    double loss = 0, gradientNorm = 0;
    /// By how much the minimum of the quadratic model lies below the loss: the sum of (v^T g)^2/(2 lambda)
    /// over the eigenvectors v of P^T H P that do not count as zero. Where vectors were asked for, or the
    /// theory of the rate holds.
    Reading modelDecrease;
    RateTheory theory; ///< of the whole network
    /// Where the loss of the quadratic model ends; 0, the infimum of every loss, where that lies higher or
    /// the model has no minimum.
    double modelMinimum() const {
        return modelDecrease.usable() ? std::max(loss - modelDecrease.value, 0.0) : 0;
    }
    std::vector<BlockReading> blocks; ///< the whole network first, then the dense layers, as asked for
    std::vector<LayerConditioning> conditioning;
    Alignment alignment;
    double learningRate = 0;
    Reading stabilityLimit; ///< lambda_max of P^T H P above which steps of this optimizer at this rate grow
    double seconds = 0;     ///< that it took

    /// What was measured; where vectors or matrices were asked for.
    std::shared_ptr<const Snapshot> snapshot;
    Matrix<double> matrix;               ///< H of the whole network, where matrices were asked for
    Matrix<double> preconditionedMatrix; ///< P^T H P; empty where P = I or not defined

    /// The block of a dense layer or of the whole network; null when it was not measured.
    const BlockReading* block(int layer) const;
};

/// The P of theta = P z in which the snapshot's next update is a plain step (momentum aside). The snapshot
/// must know its update state.
std::shared_ptr<const Coordinates> coordinatesOf(const Snapshot& snapshot);

/// The function whose curvature is measured. The same condition.
CurvatureProblem curvatureProblem(const Snapshot& snapshot, const CurvatureRequest& request);

/// Measures on the caller's thread and the team's. The snapshot must know its update state (those of a
/// laboratory do). `earlier`: a reading of the same run, whose eigenvectors start the iterations of
/// estimates. Throws WorkCancelled; std::runtime_error when the matrix is not finite.
CurvatureReading measureCurvature(const Snapshot& snapshot, const CurvatureRequest& request,
                                  ThreadTeam* team = nullptr, const Cancelled* cancelled = nullptr,
                                  const CurvatureReading* earlier = nullptr);

} // namespace kappascope
