// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/plane_frame.h"

#include "ui/theme/theme.h"
#include "ui/views/view_text.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QPainterPath>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal roomForLabels = 110; // px: below this width the numbers would crowd out the picture

/// Text that stays readable on any part of a map.
void drawHaloed(QPainter& painter, const QPointF& baseline, const QString& text) {
    const Palette& colors = Theme::instance().palette();
    QPainterPath path;
    path.addText(baseline, painter.font(), text);
    QColor halo = colors.panel;
    halo.setAlphaF(0.75f);
    painter.strokePath(path, QPen(halo, 3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.fillPath(path, colors.text);
}

} // namespace

void PlaneFrame::setGeometry(const QRectF& rect, qreal devicePixelRatio) {
    labelled_ = rect.width() >= roomForLabels && rect.height() >= roomForLabels;
    QRectF area = rect;
    if (labelled_) area.setBottom(rect.bottom() - QFontMetricsF(smallNumbers()).height() - 2);
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
    const QFontMetricsF metrics(painter.font());
    const Extent& e = data_.extent;
    const QRectF line(area_.left(), area_.bottom() + 1, area_.width(), metrics.height());
    painter.setPen(colors.quiet);
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, formatNumber(e.x0));
    painter.drawText(line, Qt::AlignHCenter | Qt::AlignVCenter, data_.xName);
    painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, formatNumber(e.x1));
    const qreal left = area_.left() + 4;
    drawHaloed(painter, {left, area_.top() + metrics.ascent() + 2}, formatNumber(e.y1));
    drawHaloed(painter, {left, area_.bottom() - metrics.descent() - 2}, formatNumber(e.y0));
}

} // namespace kappascope::ui
