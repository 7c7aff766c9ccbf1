// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/study_result.h"

#include <span>
#include <string>
#include <vector>

namespace kappascope {

/// Where a value stands on an axis of a figure, and which values are marked.
class FigureScale {
public:
    struct Tick {
        double value;
        std::string label; ///< empty: a line without a number
    };

    /// Over all of `values` that can be shown (finite, positive where logarithmic), with a little room; the
    /// values 0 and 1 stand for none.
    FigureScale(const FigureAxis& axis, std::span<const double> values);

    bool shows(double value) const;
    /// 0 at the low end, 1 at the high one.
    double place(double value) const;
    const std::vector<Tick>& ticks() const { return ticks_; }

private:
    double mapped(double value) const;
    void markLinear();
    void markDecades();
    void markCategories(const std::vector<std::string>& names);

    bool logarithmic_;
    double low_, high_; ///< mapped
    std::vector<Tick> ticks_;
};

} // namespace kappascope
