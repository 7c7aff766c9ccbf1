// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/condition_number.h"
#include "engine/laboratory/update_state.h"

namespace kappascope {

/// By which factor plain gradient descent on the quadratic model shrinks the distance to its minimum, each
/// step (math.md section 5). The loss above its minimum shrinks by the square.
struct RateTheory {
    /// (kappa-1)/(kappa+1), at the best step; with the reason where the theory does not hold: negative
    /// curvature, mini-batches, an optimizer other than plain gradient descent, a loss far from its minimum.
    Reading atBestStep;
    /// max |1 - eta lambda| over the eigenvalues of P^T H P that count, eta the run's learning rate.
    Reading atPresentRate;
};

/// Why the run's next steps are not plain gradient descent; empty when they are.
std::string whyNotPlainDescent(const UpdateState& update, Index parameters, std::int64_t step);
/// Why P^T H P, all of whose eigenvalues are known, has no quadratic model with a minimum; empty when it has.
std::string whyNoMinimum(const SpectrumSummary& preconditioned);
/// Of a P^T H P with a minimum. `decrease`: by how much the model's minimum lies below `loss`, whose infimum
/// is 0.
RateTheory rateTheory(const SpectrumSummary& preconditioned, double learningRate, double loss,
                      const Reading& decrease);
/// Does not hold.
RateTheory noRateTheory(const std::string& why);

} // namespace kappascope
