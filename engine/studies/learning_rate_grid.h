// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace kappascope {

/// Rates that have to stand the test on more seeds than the whole grid.
constexpr std::size_t candidateCount = 2;

/// What a rate of the grid led to.
struct GridPoint {
    double rate = 0;
    /// Of the whole training set at the end, by tuning seed, all of them where the rate was among the best of
    /// its method; infinite: diverged.
    std::vector<double> losses;
    double mean() const;
};

/// The grid that every method is tuned on: half decades from 0.001 to 10. Where the best rate of one of them
/// lies at an edge, all are tried beyond it as well: lowerRates() and higherRates(), from the edge outwards.
const std::vector<double>& learningRateGrid();
const std::vector<double>& lowerRates();  ///< 0.0003 ... 0.00001
const std::vector<double>& higherRates(); ///< 30, 100

/// The rates, ascending, that have to stand the test on the confirming seeds next: at first the two best;
/// where all that were confirmed have diverged, the next best that has not yet; none: enough is known. A rate
/// is confirmed when it has more losses than others of the grid, which are not empty.
std::vector<double> ratesToConfirm(const std::vector<GridPoint>& grid);

/// The position of the rate to take: the lowest mean loss among those that were tried with the most seeds.
/// The first of them where all have diverged.
std::size_t bestRate(const std::vector<GridPoint>& grid);

} // namespace kappascope
