// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"
#include "ui/plots/curve_raster.h"
#include "ui/theme/theme.h"

#include <functional>
#include <qcustomplot.h>

namespace kappascope::ui {

/// Draws the curves of a plot: raw ones faint behind smoothed ones, gaps and marks, the run's marker at the
/// newest value, a cross where a run diverged. Lines go through CurveRaster; for PDF and SVG they are clipped
/// and dashed here, since not every format clips. On the screen the canvas paints them from the raster, of
/// which what came since the last replot renews the right end alone.
class CurveLayer : public QCPLayerable {
    Q_OBJECT
public:
    explicit CurveLayer(QCustomPlot* plot);

    void setCurves(std::vector<Curve> curves) { curves_ = std::move(curves); }
    const std::vector<Curve>& curves() const { return curves_; }
    /// To append to them what was measured since; redrawFrom() then shows it.
    std::vector<Curve>& growingCurves() { return curves_; }
    void dress(const Palette& palette) { palette_ = &palette; }
    void setLineWidth(double width) { lineWidth_ = width; }
    /// Lines as vectors, for PDF and SVG.
    void setVector(bool on) { vector_ = on; }

    /// While on, draw() only fills the raster: the canvas replots, and paints it when the screen is due.
    void setReplotting(bool on) { replotting_ = on; }
    /// What draw() would, from the raster as it is.
    void paint(QCPPainter& painter);
    /// Renews the raster from `x` to the right end, the axes being as they were at the last replot; returns
    /// what there is to paint anew, in pixels of the plot.
    QRect redrawFrom(double x);

    QColor colorOf(const Curve& curve) const;
    /// Why the run whose end cross is at `position` (pixels) diverged; empty elsewhere.
    QString endingAt(const QPointF& position) const;

protected:
    void applyDefaultAntialiasingHint(QCPPainter* painter) const override;
    QRect clipRect() const override;
    void draw(QCPPainter* painter) override;

private:
    QRectF area() const;
    /// `points` in pixels from the frame's corner, `scale` device pixels each, in pixels_: all, or from the
    /// last two before the column `from` on.
    void mapToPixels(const std::vector<QPointF>& points, QPointF corner, double scale, int from = 0);
    void rasterize(int from);
    void drawMarks(QCPPainter& painter) const;
    void drawLines(const std::function<void(const std::vector<QPointF>&, const QColor&, Dashes)>& draw);
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
    bool vector_ = false, replotting_ = false;
    std::vector<QPointF> pixels_, otherPixels_; ///< kept between frames
    CurveRaster raster_;
    double rasterScale_ = 1; ///< device pixels a pixel
};

} // namespace kappascope::ui
