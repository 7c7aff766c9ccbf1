// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>
#include <QtMath>

namespace kappascope::ui {

namespace {

/// A regular shape of `corners` corners at radius `outer`, the first at `angle` degrees; a star when `inner`
/// is not 0.
QPolygonF polygon(QPointF center, int corners, double angle, double outer, double inner = 0) {
    QPolygonF shape;
    const int points = inner > 0 ? 2 * corners : corners;
    for (int i = 0; i < points; ++i) {
        const double radius = inner > 0 && i % 2 ? inner : outer;
        const double turn = qDegreesToRadians(angle + 360.0 * i / points);
        shape << center + radius * QPointF(std::cos(turn), std::sin(turn));
    }
    return shape;
}

/// A plus of radius 1; uniting paths takes longer than painting them.
const QPainterPath& plus() {
    static const QPainterPath united = [] {
        constexpr double half = 0.3;
        QPainterPath upright, level;
        upright.addRect(QRectF(-half, -1, 2 * half, 2));
        level.addRect(QRectF(-1, -half, 2, 2 * half));
        return upright.united(level);
    }();
    return united;
}

QPainterPath bars(QPointF center, double radius, double angle) {
    QTransform place;
    place.translate(center.x(), center.y()).rotate(angle).scale(radius, radius);
    return place.map(plus());
}

} // namespace

void drawMarker(QPainter& painter, Marker marker, QPointF center, double size) {
    const double r = size / 2;
    switch (marker) {
    case Marker::Circle:
        painter.drawEllipse(center, r, r);
        break;
    case Marker::Square:
        painter.drawPolygon(polygon(center, 4, 45, 1.2 * r));
        break;
    case Marker::Triangle:
        painter.drawPolygon(polygon(center, 3, -90, 1.25 * r));
        break;
    case Marker::Diamond:
        painter.drawPolygon(polygon(center, 4, 0, 1.25 * r));
        break;
    case Marker::TriangleDown:
        painter.drawPolygon(polygon(center, 3, 90, 1.25 * r));
        break;
    case Marker::Cross:
        painter.drawPath(bars(center, 1.15 * r, 45));
        break;
    case Marker::Plus:
        painter.drawPath(bars(center, 1.15 * r, 0));
        break;
    case Marker::Star:
        painter.drawPolygon(polygon(center, 5, -90, 1.3 * r, 0.55 * r));
        break;
    }
}

} // namespace kappascope::ui
