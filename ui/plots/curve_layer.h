// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"
#include "ui/plots/curve_raster.h"
#include "ui/theme/theme.h"

#include <functional>
#include <qcustomplot.h>

namespace kappascope::ui {

/// Draws the curves of a plot: raw ones faint behind smoothed ones, gaps and marks, the run's marker at the
/// newest value, a cross where a run diverged. On the screen lines go through CurveRaster; for PDF and SVG
/// they are clipped and dashed here, since not every format clips.
class CurveLayer : public QCPLayerable {
    Q_OBJECT
public:
    explicit CurveLayer(QCustomPlot* plot);

    void setCurves(std::vector<Curve> curves) { curves_ = std::move(curves); }
    const std::vector<Curve>& curves() const { return curves_; }
    void dress(const Palette& palette) { palette_ = &palette; }
    void setLineWidth(double width) { lineWidth_ = width; }
    /// Lines as vectors, for PDF and SVG.
    void setVector(bool on) { vector_ = on; }

    QColor colorOf(const Curve& curve) const;
    /// Why the run whose end cross is at `position` (pixels) diverged; empty elsewhere.
    QString endingAt(const QPointF& position) const;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    QRectF area() const;
    /// `points` in pixels from the frame's corner, `scale` device pixels each, in pixels_.
    void mapToPixels(const std::vector<QPointF>& points, QPointF corner, double scale);
    void drawLines(const std::function<void(const std::vector<QPointF>&, const QColor&, Dashes)>& draw);
    void drawRaster(QCPPainter& painter);
    void drawVector(QCPPainter& painter);
    void drawBand(QCPPainter& painter, const Curve& curve) const;
    void drawCrossings(QCPPainter& painter, const Curve& curve) const;
    void drawEdgeMarks(QCPPainter& painter, const Curve& curve) const;
    void drawOutsiders(QCPPainter& painter, const Curve& curve) const;
    void drawEnd(QCPPainter& painter, const Curve& curve) const;
    /// Pixel of the last value of `curve`; NaN when it is outside or missing.
    QPointF endOf(const Curve& curve) const;

    std::vector<Curve> curves_;
    const Palette* palette_ = &lightPalette();
    double lineWidth_ = 1;
    bool vector_ = false;
    std::vector<QPointF> pixels_; ///< kept between frames
    CurveRaster raster_;
};

} // namespace kappascope::ui
