// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/scene_curves.h"

#include "ui/plots/theory_line.h"

#include <algorithm>

namespace kappascope::ui {

namespace {

void findCrossings(std::vector<Curve>& curves) {
    for (Curve& curve : curves)
        for (const Curve& limit : curves)
            if (curve.run == limit.run && curve.stroke == Stroke::Solid && limit.stroke != Stroke::Solid)
                curve.crossings = risesAbove(curve.raw, limit.raw);
}

} // namespace

template<class Act>
void SceneCurves::forEachMeasured(Act act) const {
    for (auto series = spec_.series.rbegin(); series != spec_.series.rend(); ++series)
        for (const PlotRun& run : scene_.runs)
            if (!run.hidden) act(run, *series);
}

std::vector<Curve> SceneCurves::read(const CurveWindow& window) const {
    std::vector<Curve> curves;
    forEachMeasured([&](const PlotRun& run, const SeriesSpec& series) {
        curves.push_back(readCurve(run, series, layer_, window));
    });
    if (spec_.showsTheory)
        for (const PlotRun& run : scene_.runs)
            if (!run.hidden) curves.push_back(theoryCurve(run, window));
    if (spec_.marksCrossings) findCrossings(curves);
    return curves;
}

std::vector<std::int64_t> SceneCurves::sizes() const {
    std::vector<std::int64_t> sizes;
    forEachMeasured([&](const PlotRun& run, const SeriesSpec& series) {
        sizes.push_back(run.history ? run.history->size({series.metric, layer_}) : 0);
    });
    return sizes;
}

CurveGrowth SceneCurves::extend(std::vector<Curve>& curves, const CurveWindow& window,
                                const std::vector<std::int64_t>& before) const {
    CurveGrowth growth;
    std::size_t k = 0;
    forEachMeasured([&](const PlotRun& run, const SeriesSpec& series) {
        const bool same = run.history && run.history->size({series.metric, layer_}) == before[k];
        Curve& curve = curves[k++];
        if (same) return;
        const CurveGrowth own = extendCurve(curve, run, series, layer_, window);
        growth.from = std::min(growth.from, own.from);
        growth.low = std::min(growth.low, own.low);
        growth.high = std::max(growth.high, own.high);
    });
    if (spec_.marksCrossings) findCrossings(curves);
    return growth;
}

} // namespace kappascope::ui
