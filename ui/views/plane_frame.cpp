// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/plane_frame.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal roomForLabels = 110; // px: below this width the numbers would crowd out the picture

/// The two ends of an axis and its name between them, in a line as long as the axis.
void drawAxisLine(QPainter& painter, const QRectF& line, double from, const QString& name, double to) {
    const QString first = formatNumber(from), last = formatNumber(to);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, first);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, last);
    const QFontMetricsF metrics(painter.font());
    const qreal ends = std::max(metrics.horizontalAdvance(first), metrics.horizontalAdvance(last)) + 6;
    const QRectF middle = line.adjusted(ends, 0, -ends, 0);
    if (middle.width() < metrics.horizontalAdvance(QStringLiteral("x…"))) return;
    painter.drawText(middle, Qt::AlignCenter, metrics.elidedText(name, Qt::ElideRight, middle.width()));
}

} // namespace

void PlaneFrame::setGeometry(const QRectF& rect, qreal devicePixelRatio) {
    labelled_ = rect.width() >= roomForLabels && rect.height() >= roomForLabels;
    const qreal line = labelled_ ? std::ceil(QFontMetricsF(smallNumbers()).height()) + 1 : 0;
    const QRectF area = rect.adjusted(line, 0, 0, -line);
    if (rect == rect_ && area == area_ && devicePixelRatio == ratio_) return;
    rect_ = rect;
    area_ = area;
    ratio_ = devicePixelRatio;
    overlay_ = {};
}

void PlaneFrame::setData(PlaneData data) {
    data_ = std::move(data);
    overlay_ = {};
}

QSize PlaneFrame::deviceSize() const {
    return (area_.size() * ratio_).toSize().expandedTo({1, 1});
}

QPointF PlaneFrame::toWidget(const QPointF& at) const {
    const Extent& e = data_.extent;
    return {area_.left() + (at.x() - e.x0) / (e.x1 - e.x0) * area_.width(),
            area_.bottom() - (at.y() - e.y0) / (e.y1 - e.y0) * area_.height()};
}

QPointF PlaneFrame::toData(const QPointF& position) const {
    const Extent& e = data_.extent;
    return {e.x0 + (position.x() - area_.left()) / area_.width() * (e.x1 - e.x0),
            e.y0 + (area_.bottom() - position.y()) / area_.height() * (e.y1 - e.y0)};
}

const SamplePoint* PlaneFrame::nearest(const QPointF& position) const {
    const SamplePoint* best = nullptr;
    double bestDistance = std::numeric_limits<double>::infinity();
    for (const SamplePoint& point : data_.points) {
        const QPointF offset = toWidget(point.at) - position;
        const double distance = QPointF::dotProduct(offset, offset);
        if (distance >= bestDistance) continue;
        bestDistance = distance;
        best = &point;
    }
    return best;
}

void PlaneFrame::paintOverlay(QPainter& painter, const QColor& plain) {
    if (overlay_.isNull()) {
        overlay_ = QPixmap((rect_.size() * ratio_).toSize().expandedTo({1, 1}));
        overlay_.setDevicePixelRatio(ratio_);
        overlay_.fill(Qt::transparent);
        QPainter inner(&overlay_);
        inner.setRenderHint(QPainter::Antialiasing);
        inner.translate(-rect_.topLeft());
        inner.setClipRect(area_);
        drawDots(inner, plain);
        inner.setClipping(false);
        drawAxes(inner);
    }
    painter.drawPixmap(rect_.topLeft(), overlay_);
}

void PlaneFrame::drawDots(QPainter& painter, const QColor& plain) const {
    const Theme& theme = Theme::instance();
    const bool many = data_.points.size() > 250 || area_.width() < 150;
    const qreal radius = many ? 2.2 : 2.8;
    for (const SamplePoint& point : data_.points) {
        QColor color = plain;
        if (data_.classes > 0)
            color = theme.classColor(point.label, data_.classes);
        else if (!plain.isValid())
            color = theme.signedColor(point.target / data_.targetBound);
        const QPointF at = toWidget(point.at);
        if (point.test) { // hollow, over a wider line in the panel's colour
            painter.setBrush(Qt::NoBrush);
            painter.setPen(QPen(theme.palette().panel, 2.6));
            painter.drawEllipse(at, radius - 0.2, radius - 0.2);
            painter.setPen(QPen(color, 1.3));
            painter.drawEllipse(at, radius - 0.2, radius - 0.2);
        } else {
            painter.setBrush(color);
            painter.setPen(QPen(theme.palette().panel, 0.9));
            painter.drawEllipse(at, radius, radius);
        }
    }
}

void PlaneFrame::drawAxes(QPainter& painter) const {
    const Palette& colors = Theme::instance().palette();
    painter.setPen(colors.line);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area_.adjusted(0.5, 0.5, -0.5, -0.5));
    if (!labelled_) return;
    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    const Extent& e = data_.extent;
    const qreal thick = rect_.bottom() - area_.bottom();
    drawAxisLine(painter, {area_.left(), area_.bottom() + 1, area_.width(), thick - 1}, e.x0, data_.xName,
                 e.x1);
    painter.save();
    painter.translate(rect_.left(), area_.bottom());
    painter.rotate(-90); // upward along the left side
    drawAxisLine(painter, {0, 0, area_.height(), thick - 1}, e.y0, data_.yName, e.y1);
    painter.restore();
}

} // namespace kappascope::ui
