// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <cstdint>
#include <span>

namespace kappascope {

/// The factor by which the distance to the minimum shrinks in a step, as theory has it and as the loss shows
/// it (math.md section 5).
struct RateComparison {
    /// (kappa-1)/(kappa+1), at the best step; with the reason where the theory does not hold: negative
    /// curvature, mini-batches, an optimizer other than plain gradient descent, a loss far from its minimum.
    Reading atBestStep;
    /// max |1 - eta lambda| over the eigenvalues of P^T H P that count, eta the run's learning rate.
    Reading predicted;
    /// Of the recent losses, their distance to the minimum of the quadratic model.
    Reading measured;
};

/// `steps` ascending, `losses` of the full training set; the latest ones are used. The reading must have been
/// made with vectors.
RateComparison compareRates(const CurvatureReading& reading, std::span<const std::int64_t> steps,
                            std::span<const double> losses);
/// Losses over which the rate is measured, at most.
inline constexpr std::size_t recentLosses = 40;

} // namespace kappascope
