// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_comparison.h"

#include "engine/curvature/decay_rate.h"

#include <algorithm>
#include <vector>

namespace kappascope {

Reading measuredRate(const CurvatureReading& reading, std::span<const std::int64_t> steps,
                     std::span<const double> losses) {
    const std::size_t count = std::min({recentLosses, losses.size(), steps.size()});
    std::vector<double> distances(losses.end() - static_cast<std::ptrdiff_t>(count), losses.end());
    for (double& loss : distances)
        loss -= reading.modelMinimum();
    return decayRate(steps.last(count), distances);
}

} // namespace kappascope
