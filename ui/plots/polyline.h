// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineF>
#include <QPolygonF>
#include <QRectF>
#include <vector>

namespace kappascope::ui {

/// The parts of the line through `points` (pixels; NaN breaks it) that lie in `area`: exact at the edges, so
/// that nothing is left to the clipping of a printer or an SVG viewer. A point alone between gaps becomes a
/// short dash, or it would not show.
void clipPolyline(const std::vector<QPointF>& points, const QRectF& area, std::vector<QPolygonF>& parts);

/// Cuts `line` into dashes of `on` pixels `off` apart, along its length.
void dashPolyline(const QPolygonF& line, double on, double off, std::vector<QLineF>& dashes);

} // namespace kappascope::ui
