// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"

namespace kappascope::ui {

/// The curves of one plot: of all runs of a scene that are not hidden.
class SceneCurves {
public:
    SceneCurves(const PlotScene& scene, const PlotSpec& spec, int layer)
        : scene_(scene), spec_(spec), layer_(layer) {}

    /// In the order in which they are painted: the first series lies on top of the others, theory on all.
    std::vector<Curve> read(const CurveWindow& window) const;

    /// Values that have been measured of each curve that read() reads from a history, in its order.
    std::vector<std::int64_t> sizes() const;

    /// Appends to `curves`, which read() made of the same runs in the same window when their sizes were
    /// `before`, what has been measured since. See extendCurve().
    CurveGrowth extend(std::vector<Curve>& curves, const CurveWindow& window,
                       const std::vector<std::int64_t>& before) const;

private:
    template<class Act>
    void forEachMeasured(Act act) const;

    const PlotScene& scene_;
    const PlotSpec& spec_;
    int layer_;
};

} // namespace kappascope::ui
