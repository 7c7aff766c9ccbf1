// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/sample_statistics.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace kappascope {

namespace {

double meanOf(std::span<const double> values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double deviationOf(std::span<const double> values, double mean) {
    if (values.size() < 2) return 0;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double medianOf(std::vector<double> values) {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

} // namespace

Spread spreadOf(std::span<const double> values) {
    Spread spread;
    spread.mean = meanOf(values);
    spread.deviation = deviationOf(values, spread.mean);
    spread.minimum = *std::ranges::min_element(values);
    spread.median = medianOf({values.begin(), values.end()});
    spread.maximum = *std::ranges::max_element(values);
    spread.count = static_cast<int>(values.size());
    return spread;
}

Spread logarithmicSpreadOf(std::span<const double> values) {
    std::vector<double> logarithms;
    std::ranges::transform(values, std::back_inserter(logarithms),
                           [](double value) { return std::log(value); });
    Spread spread = spreadOf(logarithms);
    for (double* number : {&spread.mean, &spread.deviation, &spread.minimum, &spread.median, &spread.maximum})
        *number = std::exp(*number);
    return spread;
}

Interval meanInterval(std::span<const double> values) {
    const double mean = meanOf(values);
    const auto n = static_cast<double>(values.size());
    if (n < 2) return {mean, std::numeric_limits<double>::infinity()};
    return {mean,
            studentQuantile(static_cast<int>(values.size()) - 1) * deviationOf(values, mean) / std::sqrt(n)};
}

Interval pairedDifference(std::span<const double> a, std::span<const double> b) {
    std::vector<double> differences;
    std::ranges::transform(a, b, std::back_inserter(differences), std::minus<>());
    return meanInterval(differences);
}

double studentQuantile(int degreesOfFreedom) {
    constexpr double quantiles[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                    2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                    2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    constexpr double normal = 1.960;
    return degreesOfFreedom <= std::ssize(quantiles) ? quantiles[degreesOfFreedom - 1] : normal;
}

} // namespace kappascope
