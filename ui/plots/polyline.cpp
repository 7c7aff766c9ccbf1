// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/polyline.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

bool drawable(const QPointF& point) {
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// Liang and Barsky: the part of a + t (b - a) within `area`; false when there is none.
bool clipSegment(const QPointF& a, const QPointF& b, const QRectF& area, double& enter, double& leave) {
    enter = 0;
    leave = 1;
    const QPointF d = b - a;
    const double directions[] = {-d.x(), d.x(), -d.y(), d.y()};
    const double distances[] = {a.x() - area.left(), area.right() - a.x(), a.y() - area.top(),
                                area.bottom() - a.y()};
    for (int side = 0; side < 4; ++side) {
        if (directions[side] == 0) {
            if (distances[side] < 0) return false;
            continue;
        }
        const double t = distances[side] / directions[side];
        if (directions[side] < 0)
            enter = std::max(enter, t);
        else
            leave = std::min(leave, t);
    }
    return enter <= leave;
}

} // namespace

void clipPolyline(const std::vector<QPointF>& points, const QRectF& area, std::vector<QPolygonF>& parts) {
    QPolygonF part;
    const auto finish = [&] {
        if (part.size() == 1) part << part.front() + QPointF(1, 0);
        if (!part.isEmpty()) parts.push_back(part);
        part.clear();
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const QPointF& point = points[i];
        if (!drawable(point)) {
            finish();
            continue;
        }
        const bool inside = area.contains(point);
        if (i == 0 || !drawable(points[i - 1])) {
            if (inside) part << point;
            continue;
        }
        if (inside && !part.isEmpty()) { // the common case: nothing to cut
            part << point;
            continue;
        }
        double enter = 0, leave = 1;
        const QPointF& before = points[i - 1];
        if (!clipSegment(before, point, area, enter, leave)) {
            finish();
            continue;
        }
        if (part.isEmpty()) part << before + enter * (point - before);
        part << before + leave * (point - before);
        if (leave < 1) finish();
    }
    finish();
}

void dashPolyline(const QPolygonF& line, double on, double off, std::vector<QLineF>& dashes) {
    double left = on; // to go in this dash or gap
    bool drawing = true;
    for (qsizetype i = 1; i < line.size(); ++i) {
        const QPointF a = line[i - 1], d = line[i] - a;
        const double length = std::hypot(d.x(), d.y());
        double at = 0;
        while (length - at > left) {
            const double to = at + left;
            if (drawing) dashes.emplace_back(a + d * (at / length), a + d * (to / length));
            at = to;
            drawing = !drawing;
            left = drawing ? on : off;
        }
        if (drawing && length > at) dashes.emplace_back(a + d * (at / length), line[i]);
        left -= length - at;
    }
}

} // namespace kappascope::ui
