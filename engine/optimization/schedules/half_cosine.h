// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace kappascope::schedules {

/// From 1 at step 0 down to `floor` at `steps`, and there from then on: floor + (1-floor) (1 + cos(pi t/T)) /
/// 2 (Loshchilov, Hutter, ICLR 2017, equation 5, without restarts).
inline double halfCosine(std::int64_t step, std::int64_t steps, double floor) {
    const double done = static_cast<double>(std::min(step, steps)) / static_cast<double>(steps);
    return floor + (1 - floor) * (1 + std::cos(std::numbers::pi * done)) / 2;
}

} // namespace kappascope::schedules
