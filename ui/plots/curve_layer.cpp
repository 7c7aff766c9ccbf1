// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_layer.h"

#include "ui/plots/axis_map.h"
#include "ui/plots/polyline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kappascope::ui {

namespace {

constexpr double pale = 0.45; ///< the same of a baseline
constexpr double faint = 0.3; ///< of the run's colour over the panel: a raw curve behind its smoothed one
constexpr double bandShare = 0.16; ///< opacity
constexpr int dotColumns = 4;      ///< that a value alone reaches to the left, and one more
constexpr double markerSize = 6, crossSize = 9, edgeMark = 5, crossingSize = 7;

QColor blended(const QColor& back, const QColor& front, double share) {
    const auto mix = [share](int a, int b) { return int(std::lround(a + share * (b - a))); };
    return {mix(back.red(), front.red()), mix(back.green(), front.green()), mix(back.blue(), front.blue())};
}

/// A small triangle at the edge, its tip towards it.
QPolygonF edgeTriangle(QPointF tip, double direction) {
    return QPolygonF{tip, tip + QPointF(-edgeMark / 2, -direction * edgeMark),
                     tip + QPointF(edgeMark / 2, -direction * edgeMark)};
}

} // namespace

CurveLayer::CurveLayer(QCustomPlot* plot) : QCPLayerable(plot, QStringLiteral("main")) {}

QColor CurveLayer::colorOf(const Curve& curve) const {
    const QColor color = Theme::instance().runColor(curve.color, curve.position, palette_->dark);
    return curve.baseline ? blended(palette_->panel, color, pale) : color;
}

void CurveLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(true);
}

QRect CurveLayer::clipRect() const {
    return mParentPlot->axisRect()->rect().adjusted(-4, -1, 5, 1);
}

QRectF CurveLayer::area() const {
    return QRectF(mParentPlot->axisRect()->rect());
}

void CurveLayer::mapToPixels(const std::vector<QPointF>& points, QPointF corner, double scale, int from) {
    const AxisMap x(*mParentPlot->xAxis), y(*mParentPlot->yAxis);
    std::size_t first = 0;
    if (from > 0) {
        const double edge = x.value(corner.x() + from / scale);
        const auto reached = std::ranges::lower_bound(points, edge, {}, &QPointF::x);
        first = std::size_t(std::max<std::ptrdiff_t>(reached - points.begin() - 2, 0));
    }
    pixels_.resize(points.size() - std::min(first, points.size()));
    for (std::size_t i = 0; i < pixels_.size(); ++i)
        pixels_[i] = {(x.pixelOf(points[first + i].x()) - corner.x()) * scale,
                      (y.pixelOf(points[first + i].y()) - corner.y()) * scale};
}

void CurveLayer::drawLines(
    const std::function<void(const std::vector<QPointF>&, const QColor&, Dashes)>& drawLine) {
    for (const bool selected : {false, true}) // the selected run lies on top
        for (const Curve& curve : curves_) {
            if (curve.selected != selected) continue;
            const QColor color = colorOf(curve);
            if (!curve.smooth.empty()) drawLine(curve.raw, blended(palette_->panel, color, faint), Dashes{});
            drawLine(curve.line(), color, dashesOf(curve.stroke));
        }
}

/// Into the raster, which is begun anew unless `from` is a column of it.
void CurveLayer::rasterize(int from) {
    const QRect frame = mParentPlot->axisRect()->rect();
    const double scale = rasterScale_;
    if (from > 0)
        raster_.resume(from);
    else
        raster_.begin((QSizeF(frame.size()) * scale).toSize());
    for (const Curve& curve : curves_) {
        if (curve.low.empty() || curve.high.empty()) continue;
        mapToPixels(curve.low, frame.topLeft(), scale, from);
        otherPixels_ = pixels_;
        mapToPixels(curve.high, frame.topLeft(), scale, from);
        otherPixels_.resize(std::min(otherPixels_.size(), pixels_.size())); // as far as they go together
        pixels_.resize(otherPixels_.size());
        raster_.fill(otherPixels_, pixels_, colorOf(curve), bandShare);
    }
    drawLines([&](const std::vector<QPointF>& points, const QColor& color, Dashes dashes) {
        mapToPixels(points, frame.topLeft(), scale, from);
        raster_.draw(pixels_, color, lineWidth_ * scale, dashes.on * scale, dashes.off * scale);
    });
}

QRect CurveLayer::redrawFrom(double x) {
    const QRect clip = clipRect();
    const double left = AxisMap(*mParentPlot->xAxis).pixelOf(x) - mParentPlot->axisRect()->left();
    const int column = int(std::floor(std::clamp(left, 0.0, 1e6) * rasterScale_)) - dotColumns;
    rasterize(std::max(column, 0));
    // The run's marker stood at the end of what was there before.
    const int changed = mParentPlot->axisRect()->left() + int(column / rasterScale_) - int(crossSize);
    return clip.intersected(QRect(QPoint(changed, clip.top()), clip.bottomRight()));
}

void CurveLayer::paint(QCPPainter& painter) {
    painter.save();
    painter.setClipRect(clipRect(), Qt::IntersectClip);
    painter.setAntialiasing(false);
    painter.drawImage(QRectF(mParentPlot->axisRect()->rect()), raster_.image());
    drawMarks(painter);
    painter.restore();
}

void CurveLayer::drawVector(QCPPainter& painter) {
    std::vector<QPolygonF> parts;
    std::vector<QLineF> lines;
    painter.setAntialiasing(true);
    for (const Curve& curve : curves_)
        drawBand(painter, curve);
    painter.setBrush(Qt::NoBrush);
    drawLines([&](const std::vector<QPointF>& points, const QColor& color, Dashes dashes) {
        mapToPixels(points, {}, 1);
        parts.clear();
        clipPolyline(pixels_, area(), parts);
        painter.setPen(QPen(color, lineWidth_, Qt::SolidLine, Qt::FlatCap, Qt::BevelJoin));
        lines.clear();
        for (const QPolygonF& part : parts)
            if (dashes.on > 0)
                dashPolyline(part, dashes.on, dashes.off, lines);
            else
                painter.drawPolyline(part);
        painter.drawLines(lines.data(), int(lines.size()));
    });
}

/// The area between both ends, as far as they go together.
void CurveLayer::drawBand(QCPPainter& painter, const Curve& curve) const {
    const std::size_t count = std::min(curve.low.size(), curve.high.size());
    if (count == 0) return;
    const AxisMap x(*mParentPlot->xAxis), y(*mParentPlot->yAxis);
    const QRectF frame = area();
    const auto pixel = [&](const QPointF& point) {
        return QPointF(std::clamp(x.pixelOf(point.x()), frame.left(), frame.right()),
                       std::clamp(y.pixelOf(point.y()), frame.top(), frame.bottom()));
    };
    QPolygonF polygon;
    for (std::size_t i = 0; i < count; ++i)
        if (std::isfinite(curve.low[i].y())) polygon << pixel(curve.low[i]);
    for (std::size_t i = count; i-- > 0;)
        if (std::isfinite(curve.high[i].y())) polygon << pixel(curve.high[i]);
    QColor color = colorOf(curve);
    color.setAlphaF(bandShare);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawPolygon(polygon);
}

void CurveLayer::drawCrossings(QCPPainter& painter, const Curve& curve) const {
    const AxisMap x(*mParentPlot->xAxis), y(*mParentPlot->yAxis);
    painter.setPen(QPen(colorOf(curve), 1.5));
    painter.setBrush(palette_->panel);
    for (const QPointF& point : curve.crossings) {
        const QPointF at(x.pixelOf(point.x()), y.pixelOf(point.y()));
        if (area().contains(at)) painter.drawEllipse(at, crossingSize / 2, crossingSize / 2);
    }
}

void CurveLayer::draw(QCPPainter* painter) {
    if (vector_) {
        drawVector(*painter);
        drawMarks(*painter);
        return;
    }
    rasterScale_ = painter->transform().m11() * painter->device()->devicePixelRatioF();
    rasterize(0);
    if (!replotting_) paint(*painter);
}

void CurveLayer::drawMarks(QCPPainter& painter) const {
    painter.setAntialiasing(true);
    for (const Curve& curve : curves_) {
        drawEdgeMarks(painter, curve);
        drawOutsiders(painter, curve);
        drawCrossings(painter, curve);
        drawEnd(painter, curve);
    }
}

void CurveLayer::drawEdgeMarks(QCPPainter& painter, const Curve& curve) const {
    const AxisMap x(*mParentPlot->xAxis);
    const QRectF frame = area();
    double last = -1e9;
    painter.setPen(QPen(colorOf(curve), 1.2));
    painter.setBrush(Qt::NoBrush);
    for (const EdgeMark& mark : curve.marks) {
        const double at = x.pixelOf(mark.x);
        if (at < frame.left() || at > frame.right() || at - last < edgeMark) continue;
        last = at;
        if (mark.kind == EdgeMark::Kind::NotPositive) {
            painter.drawPolygon(edgeTriangle({at, frame.bottom() - 1}, 1));
        } else {
            const double r = edgeMark / 2, y = frame.top() + 2 + r;
            painter.drawLine(QPointF(at - r, y - r), QPointF(at + r, y + r));
            painter.drawLine(QPointF(at - r, y + r), QPointF(at + r, y - r));
        }
    }
}

void CurveLayer::drawOutsiders(QCPPainter& painter, const Curve& curve) const {
    if (curve.theory) return;
    const QCPRange range = mParentPlot->yAxis->range();
    const AxisMap x(*mParentPlot->xAxis);
    const QRectF frame = area();
    double last = -1e9;
    painter.setPen(Qt::NoPen);
    painter.setBrush(colorOf(curve));
    for (const QPointF& point : curve.line()) {
        if (!(point.y() > range.upper || point.y() < range.lower)) continue;
        const double at = x.pixelOf(point.x());
        if (at < frame.left() || at > frame.right() || at - last < 3 * edgeMark) continue;
        last = at;
        const bool above = point.y() > range.upper;
        painter.drawPolygon(edgeTriangle({at, above ? frame.top() + 1 : frame.bottom() - 1}, above ? -1 : 1));
    }
}

QPointF CurveLayer::endOf(const Curve& curve) const {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    const std::vector<QPointF>& line = curve.line();
    for (auto point = line.rbegin(); point != line.rend(); ++point) {
        if (!std::isfinite(point->y())) continue;
        const QPointF at(AxisMap(*mParentPlot->xAxis).pixelOf(point->x()),
                         AxisMap(*mParentPlot->yAxis).pixelOf(point->y()));
        if (area().adjusted(-1, -1, 1, 1).contains(at)) return at;
        if (!curve.diverged) break;
        // A diverging run leaves through the top: its cross stands at the edge, where it can be asked.
        const QRectF frame = area();
        if (at.x() < frame.left() || at.x() > frame.right()) break;
        return {at.x(), std::clamp(at.y(), frame.top() + crossSize / 2, frame.bottom() - crossSize / 2)};
    }
    return {nan, nan};
}

void CurveLayer::drawEnd(QCPPainter& painter, const Curve& curve) const {
    if (curve.stroke != Stroke::Solid) return;
    const QPointF end = endOf(curve);
    if (std::isnan(end.x())) return;
    painter.setPen(QPen(palette_->panel, 1));
    painter.setBrush(colorOf(curve));
    if (curve.diverged)
        drawMarker(painter, Marker::Cross, end, crossSize);
    else
        drawMarker(painter, Theme::instance().runMarker(curve.position), end, markerSize);
}

QString CurveLayer::endingAt(const QPointF& position) const {
    for (const Curve& curve : curves_) {
        if (!curve.diverged || curve.why.isEmpty()) continue;
        const QPointF end = endOf(curve);
        if (std::abs(end.x() - position.x()) <= crossSize && std::abs(end.y() - position.y()) <= crossSize)
            return curve.name + QStringLiteral(": ") + curve.why;
    }
    return {};
}

} // namespace kappascope::ui
