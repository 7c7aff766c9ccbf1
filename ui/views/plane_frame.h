// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_data.h"

#include <QColor>
#include <QPixmap>
#include <QRectF>

class QPainter;

namespace kappascope::ui {

/// A rectangle of the widget that shows an extent of the plane: transforms, dots, border and the numbers at
/// the ends of the axes. GUI thread only.
class PlaneFrame {
public:
    /// Places the picture within `rect`, leaving a line for the x axis when there is room.
    void setGeometry(const QRectF& rect, qreal devicePixelRatio);
    void setData(PlaneData data);
    const PlaneData& data() const { return data_; }
    void forgetOverlay() { overlay_ = {}; } ///< colours have changed

    const QRectF& area() const { return area_; } ///< of the picture, in widget coordinates
    QSize deviceSize() const;
    QPointF toWidget(const QPointF& at) const;
    QPointF toData(const QPointF& position) const;
    /// The drawn sample nearest to a place in the widget, if any.
    const SamplePoint* nearest(const QPointF& position) const;

    /// The dots (filled for training, hollow for test samples), the border and the ends of the axes; drawn
    /// once, then kept. `plain`: one colour for all dots, or invalid for that of each class or target.
    void paintOverlay(QPainter& painter, const QColor& plain);

private:
    void drawDots(QPainter& painter, const QColor& plain) const;
    void drawAxes(QPainter& painter) const;

    PlaneData data_;
    QRectF rect_, area_;
    qreal ratio_ = 1;
    bool labelled_ = false;
    QPixmap overlay_;
};

} // namespace kappascope::ui
