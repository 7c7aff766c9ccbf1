// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/learning_rate_grid.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace kappascope {

double GridPoint::mean() const {
    return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
}

const std::vector<double>& learningRateGrid() {
    static const std::vector<double> rates{0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10};
    return rates;
}

const std::vector<double>& lowerRates() {
    static const std::vector<double> rates{0.0003, 0.0001, 0.00003, 0.00001};
    return rates;
}

const std::vector<double>& higherRates() {
    static const std::vector<double> rates{30, 100};
    return rates;
}

std::size_t bestRate(const std::vector<GridPoint>& grid) {
    // Those that were tried with more seeds come first.
    const auto best = std::ranges::min_element(
        grid, {}, [](const GridPoint& point) { return std::pair(-std::ssize(point.losses), point.mean()); });
    return static_cast<std::size_t>(best - grid.begin());
}

std::vector<double> ratesToConfirm(const std::vector<GridPoint>& grid) {
    std::vector<GridPoint> open;
    const auto fewest =
        std::ranges::min_element(grid, {}, [](const GridPoint& p) { return p.losses.size(); });
    bool confirmed = false;
    for (const GridPoint& point : grid) {
        if (point.losses.size() == fewest->losses.size()) {
            open.push_back(point);
            continue;
        }
        if (std::isfinite(point.mean())) return {};
        confirmed = true;
    }
    if (confirmed) std::erase_if(open, [](const GridPoint& point) { return !std::isfinite(point.mean()); });
    std::ranges::stable_sort(open, {}, &GridPoint::mean);
    std::vector<double> rates;
    for (std::size_t i = 0; i < std::min(open.size(), confirmed ? 1 : candidateCount); ++i)
        rates.push_back(open[i].rate);
    std::ranges::sort(rates);
    return rates;
}

} // namespace kappascope
