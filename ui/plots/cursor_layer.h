// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/cursor_table.h"

#include <qcustomplot.h>

#include <optional>

namespace kappascope::ui {

/// What hovers over a plot: the crosshair with the snapped points and the table of values, cursors A and B,
/// the box of a zoom under way. Lives on a layer with a buffer of its own, so that a move of the mouse does
/// not draw the curves again.
class CursorLayer : public QCPLayerable {
    Q_OBJECT
public:
    struct Dot {
        QPointF at; ///< in axis units
        QColor color;
        Marker marker;
    };
    struct Picture {
        std::optional<double> crosshair, markA, markB; ///< x
        std::vector<Dot> dots;
        CursorTable table;
        QRectF box; ///< pixels; null: no zoom under way
    };

    CursorLayer(QCustomPlot* plot, const QString& layer);

    void setPicture(Picture picture) { picture_ = std::move(picture); }
    const Picture& picture() const { return picture_; }
    void setBox(const QRectF& box) { picture_.box = box; }
    void dress(const Palette& palette, const QFont& font);

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    void drawUpright(QCPPainter& painter, double x, const QString& letter) const;
    void drawTable(QCPPainter& painter);

    Picture picture_;
    const Palette* palette_ = &lightPalette();
    QFont font_;
};

} // namespace kappascope::ui
