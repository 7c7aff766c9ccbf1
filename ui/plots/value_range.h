// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"

#include <vector>

namespace kappascope::ui {

/// The y axis of curves: everything visible with a little air. Only values so far out that everything else
/// would be a flat line are left outside; the plot marks them at its edge. While data come in it grows at
/// once and shrinks only when much would be gained, so that the axis does not tremble.
class ValueRange {
public:
    double low() const { return low_; }
    double high() const { return high_; }

    /// For the points of `curves` with x in [from, to].
    void follow(const std::vector<Curve>& curves, double from, double to, bool logarithmic);
    /// The next follow() takes the range as it comes.
    void reset() { fresh_ = true; }

private:
    double low_ = 0, high_ = 1;
    bool fresh_ = true, logarithmic_ = false;
};

} // namespace kappascope::ui
