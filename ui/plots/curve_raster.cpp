// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_raster.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr float none = 1e30F;
constexpr double farAway = 1e7; ///< pixels: beyond, coordinates are cut, which no eye can tell
constexpr double steepest = 3; ///< rows a column that count towards the length of a dash: noise dashes evenly

bool isFinite(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

QPointF bounded(const QPointF& point) {
    return {std::clamp(point.x(), -farAway, farAway), std::clamp(point.y(), -farAway, farAway)};
}

/// What the width adds above and below the span of a column: the vertical extent w sqrt(1 + s^2) of a line of
/// slope s and width w, less the s rows that it rises; never more than w, so that peaks keep their height.
double margin(double width, double rise) {
    return 0.5 * std::clamp(width * std::sqrt(1 + rise * rise) - rise, 0.5 * width, width);
}

} // namespace

void CurveRaster::begin(QSize size) {
    if (image_.size() != size) image_ = QImage(size, QImage::Format_ARGB32_Premultiplied);
    image_.fill(Qt::transparent);
    spans_.assign(std::size_t(std::max(size.width(), 0)), {none, -none});
}

void CurveRaster::extend(int column, double y0, double y1) {
    Span& span = spans_[std::size_t(column)];
    span.low = std::min(span.low, float(std::min(y0, y1)));
    span.high = std::max(span.high, float(std::max(y0, y1)));
    first_ = std::min(first_, column);
    last_ = std::max(last_, column);
}

void CurveRaster::addSegment(QPointF a, QPointF b) {
    const int columns = int(spans_.size());
    if (b.x() < 0 || a.x() >= columns) return;
    const int from = std::max(0, int(std::floor(a.x())));
    const int to = std::min(columns - 1, int(std::floor(b.x())));
    if (from == int(std::floor(b.x()))) {
        extend(from, a.y(), b.y());
        return;
    }
    const double slope = (b.y() - a.y()) / (b.x() - a.x());
    double y = a.x() >= from ? a.y() : a.y() + slope * (from - a.x());
    for (int column = from; column <= to; ++column) {
        const double next = column + 1 < b.x() ? a.y() + slope * (column + 1 - a.x()) : b.y();
        extend(column, y, next);
        y = next;
    }
}

/// A value alone between gaps: as wide as it is high.
void CurveRaster::addPoint(QPointF point) {
    for (const double x : {point.x() - 0.5, point.x() + 0.5})
        if (x >= 0 && x < double(spans_.size())) extend(int(x), point.y(), point.y());
}

void CurveRaster::blend(int column, int row, QRgb color, double coverage) {
    if (row < 0 || row >= image_.height() || coverage <= 0) return;
    auto* pixel = reinterpret_cast<QRgb*>(image_.scanLine(row)) + column;
    const int share = std::min(256, int(coverage * 256 + 0.5));
    const auto mix = [share](int under, int over) { return (over * share + under * (256 - share)) >> 8; };
    *pixel = qRgba(mix(qRed(*pixel), qRed(color)), mix(qGreen(*pixel), qGreen(color)),
                   mix(qBlue(*pixel), qBlue(color)), mix(qAlpha(*pixel), 255));
}

void CurveRaster::paintSpan(int column, double top, double bottom, QRgb color, double share) {
    top = std::max(top, -1.0);
    bottom = std::min(bottom, image_.height() + 1.0);
    if (top >= bottom) return;
    const int first = int(std::floor(top)), last = int(std::floor(bottom));
    if (first == last) {
        blend(column, first, color, share * (bottom - top));
        return;
    }
    blend(column, first, color, share * (first + 1 - top));
    const int from = std::max(first + 1, 0), to = std::min(last, image_.height());
    const qsizetype stride = image_.bytesPerLine();
    uchar* at = image_.bits() + from * stride + qsizetype(column) * 4;
    if (share < 1)
        for (int row = from; row < to; ++row)
            blend(column, row, color, share);
    else
        for (int row = from; row < to; ++row, at += stride)
            *reinterpret_cast<QRgb*>(at) = color;
    blend(column, last, color, share * (bottom - last));
}

void CurveRaster::startLine() {
    first_ = int(spans_.size());
    last_ = -1;
}

void CurveRaster::addLine(const std::vector<QPointF>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!isFinite(points[i])) continue;
        const bool joined = i > 0 && isFinite(points[i - 1]);
        const bool goesOn = i + 1 < points.size() && isFinite(points[i + 1]);
        if (joined)
            addSegment(bounded(points[i - 1]), bounded(points[i]));
        else if (!goesOn)
            addPoint(bounded(points[i]));
    }
}

void CurveRaster::fill(const std::vector<QPointF>& low, const std::vector<QPointF>& high, const QColor& color,
                       double share) {
    if (spans_.empty()) return;
    startLine();
    addLine(low);
    addLine(high);
    const QRgb rgb = color.rgb() | 0xff000000U;
    for (int column = first_; column <= last_; ++column) {
        Span& span = spans_[std::size_t(column)];
        if (span.low < span.high) paintSpan(column, span.low, span.high, rgb, share);
        span = {none, -none};
    }
}

void CurveRaster::draw(const std::vector<QPointF>& points, const QColor& color, double width, double dashOn,
                       double dashOff) {
    if (spans_.empty()) return;
    startLine();
    addLine(points);
    const QRgb rgb = color.rgb() | 0xff000000U;
    double phase = 0, before = 0;
    bool connected = false;
    for (int column = first_; column <= last_; ++column) {
        Span& span = spans_[std::size_t(column)];
        if (span.low > span.high) {
            connected = false;
            continue;
        }
        if (dashOn > 0) {
            const double middle = 0.5 * (double(span.low) + double(span.high));
            if (connected) phase += std::hypot(1.0, std::min(std::abs(middle - before), steepest));
            before = middle;
            connected = true;
        }
        if (dashOn <= 0 || std::fmod(phase, dashOn + dashOff) < dashOn) {
            const double around = margin(width, double(span.high) - double(span.low));
            paintSpan(column, span.low - around, span.high + around, rgb);
        }
        span = {none, -none};
    }
}

} // namespace kappascope::ui
