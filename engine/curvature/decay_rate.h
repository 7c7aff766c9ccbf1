// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/reading.h"

#include <cstdint>
#include <span>

namespace kappascope {

/// What a loss curve shows of the rate that theory predicts: the factor r by which the distance to the
/// minimum shrinks in a step. Near a minimum the excess loss shrinks by r^2, so log(loss) has the slope 2 log
/// r: fitted by least squares, with its standard error. `steps` ascending, `losses` above their infimum 0.
/// Not defined for fewer than 8 points, for losses that are not positive, and where the loss does not shrink.
Reading decayRate(std::span<const std::int64_t> steps, std::span<const double> losses);

} // namespace kappascope
