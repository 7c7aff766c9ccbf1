// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_raster.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr float none = 1e30F;
constexpr double farAway = 1e7; ///< pixels: beyond, coordinates are cut, which no eye can tell
constexpr double dotRadius =
    1.15;                      ///< of a value alone, in widths of the line: it can be seen and is no marker
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
    dashes_.clear();
    resume(int(spans_.size()));
    from_ = 0;
}

void CurveRaster::resume(int column) {
    from_ = std::clamp(column, 0, int(spans_.size()));
    line_ = 0;
    pixels_ = reinterpret_cast<QRgb*>(image_.bits()); // detached once and not at every pixel
    stride_ = image_.bytesPerLine() / qsizetype(sizeof(QRgb));
    height_ = image_.height();
    for (int row = 0; row < height_; ++row)
        std::fill(pixels_ + row * stride_ + from_, pixels_ + row * stride_ + qsizetype(spans_.size()), 0);
}

/// Column -1, before the first one, has nothing.
CurveRaster::DashState& CurveRaster::dashesAt(int column) {
    if (dashes_.size() <= line_) dashes_.resize(line_ + 1);
    std::vector<DashState>& states = dashes_[line_];
    if (states.empty()) states.resize(spans_.size() + 1);
    return states[std::size_t(column + 1)];
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
    if (b.x() < from_ || a.x() >= columns) return;
    const int from = std::max(from_, int(std::floor(a.x())));
    const int to = std::min(columns - 1, int(std::floor(b.x())));
    if (std::floor(a.x()) == std::floor(b.x())) {
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

/// A value alone between gaps. As the border of a band it is as wide as a pixel; of a line it is a dot.
void CurveRaster::addPoint(QPointF point) {
    lone_.push_back(point);
    if (!dots_ && point.x() >= from_ && point.x() < double(spans_.size()))
        extend(int(point.x()), point.y(), point.y());
}

void CurveRaster::paintDot(QPointF center, double radius, QRgb color) {
    const int first = std::max(from_, int(std::floor(center.x() - radius)));
    const int last = std::min(int(spans_.size()) - 1, int(std::floor(center.x() + radius)));
    for (int column = first; column <= last; ++column) {
        const double aside = column + 0.5 - center.x(), high = radius * radius - aside * aside;
        if (high > 0) paintSpan(column, center.y() - std::sqrt(high), center.y() + std::sqrt(high), color);
    }
}

void CurveRaster::blend(int column, int row, QRgb color, double coverage) {
    if (row < 0 || row >= height_ || coverage <= 0) return;
    QRgb* pixel = pixels_ + row * stride_ + column;
    const int share = std::min(256, int(coverage * 256 + 0.5));
    const auto mix = [share](int under, int over) { return (over * share + under * (256 - share)) >> 8; };
    *pixel = qRgba(mix(qRed(*pixel), qRed(color)), mix(qGreen(*pixel), qGreen(color)),
                   mix(qBlue(*pixel), qBlue(color)), mix(qAlpha(*pixel), 255));
}

void CurveRaster::paintSpan(int column, double top, double bottom, QRgb color, double share) {
    top = std::max(top, -1.0);
    bottom = std::min(bottom, height_ + 1.0);
    if (top >= bottom) return;
    const int first = int(std::floor(top)), last = int(std::floor(bottom));
    if (first == last) {
        blend(column, first, color, share * (bottom - top));
        return;
    }
    blend(column, first, color, share * (first + 1 - top));
    const int from = std::max(first + 1, 0), to = std::min(last, height_);
    QRgb* at = pixels_ + from * stride_ + column;
    if (share < 1)
        for (int row = from; row < to; ++row)
            blend(column, row, color, share);
    else
        for (int row = from; row < to; ++row, at += stride_)
            *at = color;
    blend(column, last, color, share * (bottom - last));
}

void CurveRaster::startLine(bool dots) {
    dots_ = dots;
    lone_.clear();
    first_ = int(spans_.size());
    last_ = -1;
}

void CurveRaster::addLine(const std::vector<QPointF>& points) {
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!isFinite(points[i])) continue;
        const bool joined = i > 0 && isFinite(points[i - 1]);
        const bool goesOn = i + 1 < points.size() && isFinite(points[i + 1]);
        const bool cut = i == 0 && from_ > 0; // there is more before it
        if (joined)
            addSegment(bounded(points[i - 1]), bounded(points[i]));
        else if (!goesOn && !cut)
            addPoint(bounded(points[i]));
    }
}

void CurveRaster::fill(const std::vector<QPointF>& low, const std::vector<QPointF>& high, const QColor& color,
                       double share) {
    if (spans_.empty()) return;
    startLine(false);
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
    startLine(true);
    addLine(points);
    const QRgb rgb = color.rgb() | 0xff000000U;
    DashState dash = dashOn > 0 ? dashesAt(from_ - 1) : DashState{};
    const int end = dashOn > 0 ? int(spans_.size()) : last_ + 1; // what follows a line knows where it ended
    for (int column = dashOn > 0 ? from_ : first_; column < end; ++column) {
        Span& span = spans_[std::size_t(column)];
        const bool touched = span.low <= span.high;
        if (dashOn > 0) {
            if (touched) advance(dash, 0.5 * (double(span.low) + double(span.high)), dashOn + dashOff);
            dash.connected = touched;
            dashesAt(column) = dash;
        }
        if (!touched) continue;
        if (dashOn <= 0 || dash.phase < dashOn) {
            const double around = margin(width, double(span.high) - double(span.low));
            paintSpan(column, span.low - around, span.high + around, rgb);
        }
        span = {none, -none};
    }
    for (const QPointF& point : lone_)
        paintDot(point, dotRadius * width, rgb);
    ++line_;
}

/// One column on, to `middle`: the dashes are as long along the line as they are on a level one, noise aside.
void CurveRaster::advance(DashState& dash, double middle, double period) {
    if (dash.connected) {
        const double rise = std::min(std::abs(middle - dash.middle), steepest);
        dash.phase += std::sqrt(1 + rise * rise);
        while (dash.phase >= period)
            dash.phase -= period;
    }
    dash.middle = middle;
}

} // namespace kappascope::ui
