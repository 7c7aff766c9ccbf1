// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/condition_number.h"
#include "engine/laboratory/update_state.h"

#include <optional>

namespace kappascope {

/// By which factor gradient descent, plain or with momentum, on the quadratic model shrinks the distance to
/// its minimum, each step (math.md section 5; Goh, Why Momentum Really Works, Distill, 2017). The loss above
/// its minimum shrinks by the square, with momentum between swings.
struct RateTheory {
    /// (kappa-1)/(kappa+1), of plain descent at its best step; with the reason where the theory does not
    /// hold: negative curvature, mini-batches, an optimizer that adapts, a loss far from its minimum.
    Reading atBestStep;
    /// The largest contraction() over the eigenvalues of P^T H P that count, at the run's learning rate.
    Reading atPresentRate;
};

/// Updates that are the same linear map of theta, and of a velocity, at every step.
struct LinearUpdate {
    enum class Kind { Plain, HeavyBall, Nesterov };
    Kind kind = Kind::Plain;
    double beta = 0; ///< momentum
};
/// Of the run's next steps; none with the reason in `why` where they are none: an optimizer that adapts,
/// mini-batches.
std::optional<LinearUpdate> linearUpdate(const UpdateState& update, Index parameters, std::int64_t step,
                                         std::string& why);
/// Factor of the distance along an eigenvector of eigenvalue lambda, each step, x = eta lambda: |1 - x|
/// plainly; else the largest |z| with z^2 - (1 + beta - x) z + beta = 0 (heavy ball) or z^2 - (1 + beta)(1 -
/// x) z + beta (1 - x) = 0 (Nesterov).
double contraction(const LinearUpdate& update, double x);

/// Why P^T H P, all of whose eigenvalues are known, has no quadratic model with a minimum; empty when it has.
std::string whyNoMinimum(const SpectrumSummary& preconditioned);
/// Of a P^T H P with a minimum. `decrease`: by how much the model's minimum lies below `loss`, whose infimum
/// is 0.
RateTheory rateTheory(const SpectrumSummary& preconditioned, const LinearUpdate& update, double learningRate,
                      double loss, const Reading& decrease);
/// Does not hold.
RateTheory noRateTheory(const std::string& why);

} // namespace kappascope
