// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace kappascope::ui {

namespace {

using Blocks = std::vector<Series::Block>;
using Query = std::function<void(std::int64_t from, std::int64_t to, int width, Blocks& out)>;

constexpr double mostOctaves = 40; ///< of a logarithmic axis: twelve decades
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::int64_t stepBefore(double step) {
    return std::max<std::int64_t>(0, std::int64_t(std::floor(std::clamp(step, 0.0, 9e15))));
}

std::int64_t stepAfter(double step) {
    return std::int64_t(std::ceil(std::clamp(step, 0.0, 9e15)));
}

/// Appends `piece`, which was asked for from step `from` on, in place of the neighbour behind the piece
/// before.
void join(const Blocks& piece, std::int64_t from, Blocks& all) {
    while (!all.empty() && all.back().first >= from)
        all.pop_back();
    for (const Series::Block& block : piece)
        if (all.empty() || block.first > all.back().last) all.push_back(block);
}

/// Blocks are equally long in steps; on a logarithmic axis each octave is asked for on its own, where a step
/// takes at most twice as many pixels at the beginning as at the end.
void queryVisible(const StepScale& scale, const CurveWindow& window, const Query& query, Blocks& all) {
    all.clear();
    if (!window.logX) {
        query(stepBefore(scale.step(window.from)), stepAfter(scale.step(window.to)), window.width, all);
        return;
    }
    const double last = std::log2(std::max(window.to, 1e-12));
    const double first = std::max(std::log2(std::max(window.from, 1e-12)), last - mostOctaves);
    const int pieces = std::max(1, int(std::ceil(last - first)));
    Blocks piece;
    std::int64_t from = stepBefore(scale.step(std::exp2(first)));
    for (int i = 0; i < pieces; ++i) {
        const double end = std::exp2(first + (last - first) * (i + 1) / pieces);
        const std::int64_t to = stepAfter(scale.step(end));
        if (to < from) continue; // less than a step
        piece.clear();
        query(from, to, std::max(8, window.width / pieces), piece);
        join(piece, from, all);
        from = to + 1;
    }
}

void addGap(double x, std::vector<QPointF>& points) {
    if (!points.empty() && !std::isnan(points.back().y())) points.emplace_back(x, nan);
}

/// Only what is not there: a block of a single value is one point, one that only rises two.
void addPoint(const QPointF& point, std::vector<QPointF>& points) {
    if (points.empty() || points.back() != point) points.push_back(point);
}

} // namespace

void appendPoints(const std::vector<Series::Block>& blocks, const StepScale& scale, bool logY,
                  std::vector<QPointF>& points, std::vector<EdgeMark>* marks, double leastX) {
    points.reserve(points.size() + 4 * blocks.size());
    for (const Series::Block& block : blocks) {
        const double last = scale.x(double(block.last));
        const double first = std::max(scale.x(double(block.first)), std::min(leastX, last));
        if (block.notFinite > 0 && marks) marks->push_back({last, EdgeMark::Kind::NotFinite});
        const bool below = logY && block.count > 0 && block.minimum <= 0;
        if (below && marks) marks->push_back({last, EdgeMark::Kind::NotPositive});
        if (block.count == 0 || (logY && block.maximum <= 0)) {
            addGap(first, points);
            continue;
        }
        const double low = below ? block.maximum : block.minimum, high = block.maximum;
        const double front = std::clamp(block.front, low, high), back = std::clamp(block.back, low, high);
        const bool lowFirst = front - low <= high - front;
        addPoint({first, front}, points);
        addPoint({first, lowFirst ? low : high}, points);
        addPoint({last, lowFirst ? high : low}, points);
        addPoint({last, back}, points);
    }
}

std::vector<QPointF> risesAbove(const std::vector<QPointF>& line, const std::vector<QPointF>& limit) {
    std::vector<QPointF> crossings;
    auto next = limit.begin();
    double bound = nan;
    bool below = false;
    for (const QPointF& point : line) {
        for (; next != limit.end() && next->x() <= point.x(); ++next)
            bound = next->y();
        if (std::isnan(point.y()) || std::isnan(bound)) continue;
        const bool above = point.y() > bound;
        if (above && below) crossings.push_back(point);
        below = !above;
    }
    return crossings;
}

Curve readCurve(const PlotRun& run, const SeriesSpec& series, int layer, const CurveWindow& window) {
    Curve curve;
    curve.run = run.id;
    curve.position = run.position;
    curve.name = run.name;
    curve.series = series.label;
    curve.color = run.color;
    curve.stroke = series.stroke;
    curve.selected = run.selected;
    curve.baseline = run.id == PlotRun::baselineId;
    curve.diverged = run.diverged && series.stroke == Stroke::Solid;
    curve.why = run.why;
    if (!run.history) return curve;

    History& history = *run.history;
    const SeriesKey key{series.metric, layer};
    const double leastX = window.logX ? window.from : -std::numeric_limits<double>::infinity();
    Blocks blocks;
    const auto raw = [&](std::int64_t from, std::int64_t to, int width, Blocks& out) {
        history.query(key, from, to, width, out);
    };
    queryVisible(run.scale, window, raw, blocks);
    curve.measured = !blocks.empty();
    appendPoints(blocks, run.scale, window.logY, curve.raw, &curve.marks, leastX);
    const auto end = [&](const std::string& metric, std::vector<QPointF>& points) {
        if (metric.empty()) return;
        Blocks ends;
        queryVisible(
            run.scale, window,
            [&](std::int64_t from, std::int64_t to, int width, Blocks& out) {
                history.query({metric, layer}, from, to, width, out);
            },
            ends);
        appendPoints(ends, run.scale, window.logY, points, nullptr, leastX);
    };
    end(series.low, curve.low);
    end(series.high, curve.high);
    if (window.smoothing > 0) {
        const auto smoothed = [&](std::int64_t from, std::int64_t to, int width, Blocks& out) {
            history.querySmoothed(key, from, to, width, window.smoothing, out);
        };
        queryVisible(run.scale, window, smoothed, blocks);
        appendPoints(blocks, run.scale, window.logY, curve.smooth, nullptr, leastX);
    }
    return curve;
}

} // namespace kappascope::ui
