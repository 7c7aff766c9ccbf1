// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cursor_layer.h"

#include "ui/plots/axis_map.h"

namespace kappascope::ui {

namespace {
constexpr double dotSize = 6, tableDistance = 12;
}

CursorLayer::CursorLayer(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer) {}

void CursorLayer::dress(const Palette& palette, const QFont& font) {
    palette_ = &palette;
    font_ = font;
}

void CursorLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(true);
}

QRect CursorLayer::clipRect() const {
    return mParentPlot->viewport(); // a table with many runs may be higher than the frame
}

void CursorLayer::draw(QCPPainter* painter) {
    painter->setFont(font_);
    if (picture_.crosshair) drawUpright(*painter, *picture_.crosshair, {});
    if (picture_.markA) drawUpright(*painter, *picture_.markA, QStringLiteral("A"));
    if (picture_.markB) drawUpright(*painter, *picture_.markB, QStringLiteral("B"));

    const AxisMap x(*mParentPlot->xAxis), y(*mParentPlot->yAxis);
    const QRectF frame = QRectF(mParentPlot->axisRect()->rect()).adjusted(-1, -1, 1, 1);
    for (const Dot& dot : picture_.dots) {
        const QPointF at(x.pixelOf(dot.at.x()), y.pixelOf(dot.at.y()));
        if (!frame.contains(at)) continue;
        painter->setPen(QPen(palette_->panel, 1));
        painter->setBrush(dot.color);
        drawMarker(*painter, dot.marker, at, dotSize);
    }
    if (!picture_.box.isNull()) {
        QColor fill = palette_->accent;
        fill.setAlphaF(0.12F);
        painter->setPen(QPen(palette_->accent, 1));
        painter->setBrush(fill);
        painter->drawRect(picture_.box);
    }
    if (!picture_.table.isEmpty()) drawTable(*painter);
}

void CursorLayer::drawUpright(QCPPainter& painter, double x, const QString& letter) const {
    const QRectF frame = mParentPlot->axisRect()->rect();
    const double at = AxisMap(*mParentPlot->xAxis).pixelOf(x);
    if (!(at >= frame.left() - 1 && at <= frame.right() + 1)) return;
    painter.setPen(QPen(letter.isEmpty() ? palette_->quiet : palette_->accent, 1));
    painter.setAntialiasing(false);
    painter.drawLine(QPointF(at, frame.top()), QPointF(at, frame.bottom()));
    painter.setAntialiasing(true);
    if (letter.isEmpty()) return;
    const QFontMetricsF metrics(font_);
    const QRectF tag(at - 7, frame.bottom() - metrics.height(), 14, metrics.height());
    painter.setPen(Qt::NoPen);
    painter.setBrush(palette_->accent);
    painter.drawRoundedRect(tag, 3, 3);
    painter.setPen(palette_->onAccent);
    painter.drawText(tag, Qt::AlignCenter, letter);
}

void CursorLayer::drawTable(QCPPainter& painter) {
    const QRectF view = mParentPlot->viewport();
    picture_.table.setRoom(view.height() - 2);
    const QSizeF size = picture_.table.size(font_);
    const std::optional<double> anchor = picture_.crosshair ? picture_.crosshair : picture_.markB;
    const double at = anchor ? AxisMap(*mParentPlot->xAxis).pixelOf(*anchor) : view.right();
    // To the right of the crosshair, to its left where there is no room: never under the mouse.
    double left = at + tableDistance;
    if (left + size.width() > view.right()) left = at - tableDistance - size.width();
    left = std::clamp(left, view.left() + 1, std::max(view.left() + 1, view.right() - size.width() - 1));
    const double top = std::max(
        view.top() + 1, std::min(mParentPlot->axisRect()->top() + 2.0, view.bottom() - size.height() - 1));
    painter.setFont(font_);
    picture_.table.paint(painter, {std::floor(left) + 0.5, std::floor(top) + 0.5}, *palette_);
}

} // namespace kappascope::ui
