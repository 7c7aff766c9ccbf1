// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/dot_swarm.h"

#include <algorithm>
#include <limits>

namespace kappascope::ui {

namespace {

/// The row of each dot: the lowest that is free at its x.
std::vector<int> rowsOf(const std::vector<double>& x, double size) {
    std::vector<double> taken; // by row: the x of its last dot
    std::vector<int> rows;
    rows.reserve(x.size());
    for (const double at : x) {
        std::size_t row = 0;
        while (row < taken.size() && at - taken[row] < size - 1e-9)
            ++row;
        if (row == taken.size()) taken.push_back(0);
        taken[row] = at;
        rows.push_back(static_cast<int>(row));
    }
    return rows;
}

int heightOf(const std::vector<int>& rows) {
    return rows.empty() ? 0 : *std::ranges::max_element(rows) + 1;
}

} // namespace

DotSwarm swarm(const std::vector<double>& x, const QRectF& area, double size) {
    const std::vector<int> rows = rowsOf(x, size);
    DotSwarm result;
    result.size = size;
    result.pitch = std::min(size, (area.height() - size) / std::max(1, heightOf(rows) - 1));
    for (std::size_t i = 0; i < x.size(); ++i)
        result.at.emplace_back(x[i], area.bottom() - size / 2 - rows[i] * result.pitch);
    return result;
}

DotSwarm swarm(const std::vector<double>& x, const QRectF& area) {
    double size = DotSwarm::largest;
    while (size > DotSwarm::smallest && heightOf(rowsOf(x, size)) * size > area.height())
        size -= 0.5;
    return swarm(x, area, size);
}

} // namespace kappascope::ui
