// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace kappascope {

/// How numbers measured over seeds are spread.
struct Spread {
    double mean = 0;
    double deviation = 0; ///< sample standard deviation, n - 1; 0 for one number
    double minimum = 0, median = 0, maximum = 0;
    int count = 0;
};
/// Of at least one number.
Spread spreadOf(std::span<const double> values);
/// The same on a logarithmic scale, for positive numbers: mean is the geometric one, deviation a factor.
Spread logarithmicSpreadOf(std::span<const double> values);

/// A mean with its 95 % confidence interval by Student's t: middle ± half. Infinite for fewer than two
/// numbers.
struct Interval {
    double middle = 0, half = 0;
    double low() const { return middle - half; }
    double high() const { return middle + half; }
};
Interval meanInterval(std::span<const double> values);

/// The mean of a_i - b_i: runs of one seed share their start weights and mini-batches, so that what seeds do
/// to both drops out. Equally many, at least one.
Interval pairedDifference(std::span<const double> a, std::span<const double> b);

/// The 97.5 % quantile of Student's t with so many degrees of freedom, at least 1; to 3 decimals up to 30,
/// the normal one's beyond, which is 4 % less at most.
double studentQuantile(int degreesOfFreedom);

} // namespace kappascope
