// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointF>
#include <QRectF>
#include <vector>

namespace kappascope::ui {

/// Dots that keep their x and are piled up where they would cover each other, so that their number shows.
struct DotSwarm {
    std::vector<QPointF> at; ///< centres, in the order of the given x
    double size = 0;         ///< diameter: the largest with which the piles fit
    double pitch = 0;        ///< from row to row; less than `size` where even the smallest dots do not fit

    static constexpr double largest = 7, smallest = 1.5; ///< diameters
};

/// `x` ascending. The piles stand on the lower edge of `area`.
DotSwarm swarm(const std::vector<double>& x, const QRectF& area);
/// The same at a given diameter.
DotSwarm swarm(const std::vector<double>& x, const QRectF& area, double size);

} // namespace kappascope::ui
