// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/series.h"
#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_spec.h"

#include <QPointF>
#include <limits>
#include <vector>

namespace kappascope::ui {

/// A value that cannot be drawn where it is: a mark says so.
struct EdgeMark {
    enum class Kind { NotFinite, NotPositive };
    double x = 0;
    Kind kind = Kind::NotFinite;
};

/// Where the newest block of a line begins: what is measured next may still change it, and nothing before it.
struct OpenEnd {
    std::int64_t step = 0;
    std::size_t points = 0, marks = 0; ///< of the line, before it
};

/// One line of a plot, in the units of its axes. A y that is not a number is a gap.
struct Curve {
    int run = 0, position = 0;
    QString name, series;
    std::string color;
    Stroke stroke = Stroke::Solid;
    bool selected = false, baseline = false; ///< baseline: of a pinned run, paler
    bool theory = false;                     ///< predicted, not measured: nothing makes room for it
    std::vector<QPointF> raw, smooth;        ///< smooth: empty without smoothing
    std::vector<QPointF> low, high;          ///< ends of a band, at the same x; empty: none
    OpenEnd rawEnd, smoothEnd, lowEnd, highEnd;
    std::vector<EdgeMark> marks;
    std::vector<QPointF> crossings; ///< where it rises above its limit
    bool measured = false;          ///< values came, finite or not
    bool diverged = false;          ///< it ends where the run diverged
    QString why;

    /// What is drawn in full colour.
    const std::vector<QPointF>& line() const { return smooth.empty() ? raw : smooth; }
};

/// Which part of a series is drawn, at which resolution.
struct CurveWindow {
    double from = 0, to = 1; ///< visible x
    int width = 400;         ///< pixels
    double smoothing = 0;
    bool smoothsLossesAlone = false; ///< see PlotViewState::setSmoothing()
    bool logX = false, logY = false;
    bool operator==(const CurveWindow&) const = default;
};

/// Reads one curve from the run's history, as the first, least, greatest and last value of each pixel column
/// at most.
Curve readCurve(const PlotRun& run, const SeriesSpec& series, int layer, const CurveWindow& window);

/// What has come to a curve since it was read.
struct CurveGrowth {
    /// x from which on it has another look; infinite: nothing came.
    double from = std::numeric_limits<double>::infinity();
    /// Of the finite values that came, in case.
    double low = std::numeric_limits<double>::infinity(), high = -low;
};

/// Appends to `curve`, which was read with the same arguments, what was measured since: the same curve as if
/// it were read anew, up to where blocks of less than a pixel column begin. Not on a logarithmic x axis,
/// where columns are not equally many steps.
CurveGrowth extendCurve(Curve& curve, const PlotRun& run, const SeriesSpec& series, int layer,
                        const CurveWindow& window);

/// Where `line` rises above `limit`, as measured: the first of its points that lies above. Both are ascending
/// in x; the limit's value at an x is that of its last point up to there.
std::vector<QPointF> risesAbove(const std::vector<QPointF>& line, const std::vector<QPointF>& limit);

/// Appends what `blocks` tell: one point for a single value; for several the first, the extremes and the last
/// one, which draw the same pixels as all of them would (M4; Jugel et al., VLDB 2014); a gap for what is not
/// finite or, on a logarithmic axis, not positive, with a mark in `marks` (unless null). Blocks that begin
/// left of `leastX` begin there: a logarithmic axis has no 0.
void appendPoints(const std::vector<Series::Block>& blocks, const StepScale& scale, bool logY,
                  std::vector<QPointF>& points, std::vector<EdgeMark>* marks,
                  double leastX = -std::numeric_limits<double>::infinity());

} // namespace kappascope::ui
