// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_canvas.h"

#include <QElapsedTimer>
#include <QHelpEvent>
#include <QToolTip>

namespace kappascope::ui {

namespace {
constexpr int topMargin = 6, rightMargin = 10, bottomPadding = 2;
constexpr double labelHeight = 26; ///< pixels of the y axis a label wants for itself
const QString cursorLayer = QStringLiteral("cursor");
const QString flagLayer = QStringLiteral("flags");
const QString curveLayer = QStringLiteral("main");
constexpr qsizetype curveBuffer = 1; ///< among the paint buffers: background and grid share the one before it
} // namespace

PlotCanvas::PlotCanvas(QWidget* parent)
    : QCustomPlot(parent), xTicker_(new PlotTicker(true)), yTicker_(new PlotTicker(false)) {
    addLayer(flagLayer, layer(QStringLiteral("main")));
    addLayer(cursorLayer, layer(QStringLiteral("legend")));
    // A buffer of their own, which stays empty: the curves are painted from their raster in its place.
    layer(curveLayer)->setMode(QCPLayer::lmBuffered);
    layer(cursorLayer)->setMode(QCPLayer::lmBuffered);
    setPlottingHint(QCP::phImmediateRefresh, false); // the window paints all that has changed at once
    curves_ = new CurveLayer(this);
    flags_ = new FlagLayer(this, flagLayer);
    cursor_ = new CursorLayer(this, cursorLayer);
    setInteractions({});
    setMouseTracking(true);
    setFocusPolicy(Qt::ClickFocus);
    setAttribute(Qt::WA_OpaquePaintEvent);
    axisRect()->setMinimumMargins({0, topMargin, rightMargin, 0});
    axisRect()->setMargins({0, topMargin, rightMargin, 0});
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    plotLayout()->setMargins({0, 0, 0, bottomPadding});
    xAxis->setTicker(xTicker_);
    yAxis->setTicker(yTicker_);
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setSubTicks(false);
        axis->setTickLength(1, 0); // none of length 0: some painters draw those as dots even without a pen
        axis->setTickPen(Qt::NoPen);
        axis->setNumberFormat(QStringLiteral("g")); // labels as they are: no powers drawn from "1e-3"
        axis->setTickLabelPadding(4);
        axis->setLayer(QStringLiteral("axes"));
    }
    xAxis->grid()->setVisible(false);
    yAxis->grid()->setZeroLinePen(Qt::NoPen);
    yAxis->grid()->setSubGridVisible(false);
    yAxis->setBasePen(Qt::NoPen);
    connect(this, &QCustomPlot::beforeReplot, this, [this] {
        countTicks();
        curves_->setReplotting(true);
    });
    connect(this, &QCustomPlot::afterReplot, this, [this] {
        curves_->setReplotting(false);
        drawn_ = true;
    });
    dress(lightPalette(), 1);
}

void PlotCanvas::dress(const Palette& palette, double scale) {
    setBackground(QBrush(palette.panel));
    QFont small = Theme::instance().numbers();
    small.setPixelSize(std::max(7, qRound(10 * scale)));
    for (QCPAxis* axis : {xAxis, yAxis}) {
        axis->setTickLabelFont(small);
        axis->setTickLabelColor(palette.quiet);
        axis->setLabelFont(small);
        axis->setLabelColor(palette.quiet);
        axis->grid()->setPen(QPen(palette.grid, 1));
    }
    xAxis->setBasePen(QPen(palette.line, 1));
    noticeColor_ = palette.quiet;
    curves_->dress(palette);
    flags_->dress(palette, small);
    QFont table = Theme::instance().numbers();
    table.setPixelSize(std::max(8, qRound(11 * scale)));
    cursor_->dress(palette, table);
    replotLater();
}

void PlotCanvas::setLogarithmic(Qt::Orientation orientation, bool on) {
    QCPAxis* axis = orientation == Qt::Horizontal ? xAxis : yAxis;
    axis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    (orientation == Qt::Horizontal ? xTicker_ : yTicker_)->setLogarithmic(on);
}

bool PlotCanvas::isLogarithmic(Qt::Orientation orientation) const {
    return (orientation == Qt::Horizontal ? xAxis : yAxis)->scaleType() == QCPAxis::stLogarithmic;
}

void PlotCanvas::setNotice(const QString& text) {
    if (text == notice_) return;
    notice_ = text;
    update();
}

void PlotCanvas::redrawCursor() {
    layer(cursorLayer)->replot();
}

void PlotCanvas::countTicks() {
    const QFontMetricsF metrics(xAxis->tickLabelFont());
    const double label = metrics.horizontalAdvance(QStringLiteral("000.0k")) + 16;
    xTicker_->setMost(int(frame().width() / label));
    yTicker_->setMost(int(frame().height() / std::max(labelHeight, 1.6 * metrics.height())));
}

bool PlotCanvas::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        QString text = curves_->endingAt(help->pos());
        if (text.isEmpty()) text = flags_->flagsAt(help->pos());
        text.isEmpty() ? QToolTip::hideText() : QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QCustomPlot::event(event);
}

void PlotCanvas::paintEvent(QPaintEvent* event) {
    // The window may have moved to a screen of another density.
    if (devicePixelRatioF() != bufferDevicePixelRatio()) {
        setBufferDevicePixelRatio(devicePixelRatioF());
        replot(rpQueuedRefresh);
    }
    QElapsedTimer clock;
    clock.start();
    QCPPainter painter(this);
    painter.fillRect(event->rect(), mBackgroundBrush);
    for (qsizetype i = 0; i < mPaintBuffers.size(); ++i)
        if (i == curveBuffer)
            curves_->paint(painter);
        else
            mPaintBuffers[i]->draw(&painter);
    paintMs_ = double(clock.nsecsElapsed()) * 1e-6;
    if (notice_.isEmpty()) return;
    painter.setPen(noticeColor_);
    painter.drawText(frame(), Qt::AlignCenter | Qt::TextWordWrap, notice_);
}

} // namespace kappascope::ui
