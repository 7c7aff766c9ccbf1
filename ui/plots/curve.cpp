// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve.h"

#include "ui/evaluated_value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <limits>
#include <span>

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

void appendBlocks(std::span<const Series::Block> blocks, const StepScale& scale, bool logY,
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

/// One of the lines that a curve is made of.
struct Line {
    std::vector<QPointF>& points;
    std::vector<EdgeMark>* marks; ///< null: what is missing is marked on another line
    OpenEnd& end;
};

/// Appends `blocks` and notes where the last of them begins.
void appendOpen(const Blocks& blocks, const StepScale& scale, bool logY, Line line, double leastX) {
    if (blocks.empty()) return;
    const std::span<const Series::Block> all(blocks);
    appendBlocks(all.first(all.size() - 1), scale, logY, line.points, line.marks, leastX);
    line.end = {blocks.back().first, line.points.size(), line.marks ? line.marks->size() : 0};
    appendBlocks(all.last(1), scale, logY, line.points, line.marks, leastX);
}

/// Calls act(line, query) for each line of `curve`, the raw one first.
template<class Act>
void forEachLine(Curve& curve, const PlotRun& run, const SeriesSpec& series, int layer,
                 const CurveWindow& window, Act act) {
    History& history = *run.history;
    const auto queryOf = [&](const std::string& metric) {
        return [&history, key = SeriesKey{metric, layer}](std::int64_t from, std::int64_t to, int width,
                                                          Blocks& out) {
            history.query(key, from, to, width, out);
        };
    };
    act(Line{curve.raw, &curve.marks, curve.rawEnd}, queryOf(series.metric));
    if (!series.low.empty()) act(Line{curve.low, nullptr, curve.lowEnd}, queryOf(series.low));
    if (!series.high.empty()) act(Line{curve.high, nullptr, curve.highEnd}, queryOf(series.high));
    if (window.smoothing <= 0 || (window.smoothsLossesAlone && !isBatchLoss(series))) return;
    act(Line{curve.smooth, nullptr, curve.smoothEnd},
        [&](std::int64_t from, std::int64_t to, int width, Blocks& out) {
            history.querySmoothed({series.metric, layer}, from, to, width, window.smoothing, out);
        });
}

/// The last point of a curve, where the history does not have it.
void addEvaluated(Curve& curve, const PlotRun& run, const std::string& metric, bool logY) {
    if (!run.evaluated) return;
    const auto value = evaluatedValue(run.evaluated->evaluation, metric);
    const std::int64_t step = run.evaluated->step;
    if (!value || !std::isfinite(*value) || (logY && *value <= 0)) return;
    if (run.history->lastStep({metric}) >= step) return;
    curve.measured = true;
    const QPointF point(run.scale.x(double(step)), *value);
    curve.raw.push_back(point);
    // The mean stays what it was: this value is in it once it is recorded.
}

} // namespace

void appendPoints(const std::vector<Series::Block>& blocks, const StepScale& scale, bool logY,
                  std::vector<QPointF>& points, std::vector<EdgeMark>* marks, double leastX) {
    appendBlocks(blocks, scale, logY, points, marks, leastX);
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

    const double leastX = window.logX ? window.from : -std::numeric_limits<double>::infinity();
    Blocks blocks;
    forEachLine(curve, run, series, layer, window, [&](Line line, const Query& query) {
        queryVisible(run.scale, window, query, blocks);
        if (line.marks) curve.measured = !blocks.empty();
        appendOpen(blocks, run.scale, window.logY, line, leastX);
    });
    if (layer == SeriesKey::wholeNetwork) addEvaluated(curve, run, series.metric, window.logY);
    return curve;
}

CurveGrowth extendCurve(Curve& curve, const PlotRun& run, const SeriesSpec& series, int layer,
                        const CurveWindow& window) {
    CurveGrowth growth;
    if (!run.history) return growth;
    const std::int64_t from = stepBefore(run.scale.step(window.from));
    const std::int64_t to = stepAfter(run.scale.step(window.to));
    // Cells of a query are the largest power of two that a column of the whole range holds.
    const std::int64_t column = std::max<std::int64_t>((to - from) / std::max(window.width, 1), 1);
    const int cellBits = static_cast<int>(std::bit_width(static_cast<std::uint64_t>(column))) - 1;
    Blocks blocks;
    forEachLine(curve, run, series, layer, window, [&](Line line, const Query& query) {
        const std::int64_t open = line.end.step;
        if (to < open) return;
        query(open, to, static_cast<int>(std::max<std::int64_t>((to - open) >> cellBits, 1)), blocks);
        std::erase_if(blocks, [open](const Series::Block& block) { return block.last < open; });
        if (line.marks) curve.measured = curve.measured || !blocks.empty();
        line.points.resize(std::min(line.points.size(), line.end.points));
        if (line.marks) line.marks->resize(std::min(line.marks->size(), line.end.marks));
        const std::size_t kept = line.points.size();
        appendOpen(blocks, run.scale, window.logY, line, -std::numeric_limits<double>::infinity());
        for (std::size_t i = kept; i < line.points.size(); ++i) {
            const QPointF& point = line.points[i];
            if (!std::isfinite(point.y())) continue;
            growth.low = std::min(growth.low, point.y());
            growth.high = std::max(growth.high, point.y());
        }
        // The stroke from the last point before is new as well.
        const std::size_t first = kept > 0 ? kept - 1 : 0;
        if (first < line.points.size()) growth.from = std::min(growth.from, line.points[first].x());
    });
    return growth;
}

} // namespace kappascope::ui
