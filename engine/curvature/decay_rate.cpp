// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/decay_rate.h"

#include "engine/core/types.h"

#include <algorithm>

namespace kappascope {

Reading decayRate(std::span<const std::int64_t> steps, std::span<const double> losses) {
    constexpr std::size_t fewest = 8;
    if (losses.size() < fewest) return Reading::notDefined("too few measured losses");
    if (!std::ranges::all_of(losses, [](double loss) { return loss > 0 && std::isfinite(loss); }))
        return Reading::notDefined("a loss is not positive");
    const Index n = static_cast<Index>(losses.size());
    const Vector<double> t =
        Eigen::Map<const Eigen::Matrix<std::int64_t, Eigen::Dynamic, 1>>(steps.data(), n).cast<double>();
    const Vector<double> y = Eigen::Map<const Vector<double>>(losses.data(), n).array().log();
    const Vector<double> dt = t.array() - t.mean();
    const double spread = dt.squaredNorm();
    if (!(spread > 0)) return Reading::notDefined("all losses are of one step");
    const double slope = dt.dot(y) / spread;
    if (!(slope < 0)) return Reading::notDefined("the loss does not shrink");
    const double residual = (y.array() - y.mean() - slope * dt.array()).square().sum();
    const double slopeError = std::sqrt(residual / static_cast<double>(n - 2) / spread);
    Reading rate = Reading::computed(std::exp(slope / 2));
    rate.status = Reading::Status::Estimated;
    rate.error = rate.value * slopeError / 2;
    return rate;
}

} // namespace kappascope
