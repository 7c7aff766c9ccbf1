// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <cstdint>
#include <span>

namespace kappascope {

/// What the loss shows of the rate of CurvatureReading::theory: the factor by which its distance to the
/// minimum of the quadratic model (to 0 where there is none) shrinks in a step, from the slope of its
/// logarithm. `steps` ascending, `losses` of the full training set; the latest ones are used.
Reading measuredRate(const CurvatureReading& reading, std::span<const std::int64_t> steps,
                     std::span<const double> losses);
/// Losses over which the rate is measured, at most.
inline constexpr std::size_t recentLosses = 40;

} // namespace kappascope
