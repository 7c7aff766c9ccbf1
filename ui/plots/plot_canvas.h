// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/cursor_layer.h"
#include "ui/plots/curve_layer.h"
#include "ui/plots/flag_layer.h"
#include "ui/plots/plot_ticker.h"

namespace kappascope::ui {

/// QCustomPlot set up as all plots of the window are: one frame, horizontal grid, short labels, curves,
/// flags and cursor each on their layer. Knows nothing of runs or steps. On the screen MetricPlot drives it;
/// export draws a second one on paper.
class PlotCanvas : public QCustomPlot {
    Q_OBJECT
public:
    explicit PlotCanvas(QWidget* parent = nullptr);

    CurveLayer* curves() { return curves_; }
    FlagLayer* flags() { return flags_; }
    CursorLayer* cursor() { return cursor_; }

    /// Every colour and font; replots later.
    void dress(const Palette& palette, double scale);
    void setLogarithmic(Qt::Orientation axis, bool on);
    bool isLogarithmic(Qt::Orientation axis) const;
    /// In the middle of the empty frame: what to do to see something.
    void setNotice(const QString& text);
    const QString& notice() const { return notice_; }

    QRect frame() const { return axisRect()->rect(); }
    void replotLater() { replot(rpQueuedReplot); }
    void redrawCursor(); ///< without the curves
    /// Shows what was appended to the curves from `x` on: the right end of the picture alone.
    void redrawCurvesFrom(double x) { update(curves_->redrawFrom(x)); }
    /// Whether the picture is of the axes as they are now: appended values may be drawn into it.
    bool isUpToDate() const { return drawn_ && !mReplotQueued; }
    /// Milliseconds that the last painting on the screen took, whatever part of it.
    double paintTime() const { return paintMs_; }

    QSize minimumSizeHint() const override { return {120, 60}; }
    QSize sizeHint() const override { return {420, 150}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void countTicks();

    CurveLayer* curves_;
    FlagLayer* flags_;
    CursorLayer* cursor_;
    QSharedPointer<PlotTicker> xTicker_, yTicker_;
    QString notice_;
    QColor noticeColor_;
    bool drawn_ = false;
    double paintMs_ = 0;
};

} // namespace kappascope::ui
