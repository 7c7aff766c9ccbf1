// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/prediction_curve.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"

#include <QPainter>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr int curvePoints = 400;

QPolygonF evaluateCurve(const Snapshot& snapshot, double from, double to) {
    Predictor predictor(snapshot);
    Matrix<double> x(1, curvePoints);
    x.row(0).setLinSpaced(curvePoints, from, to);
    const Matrix<double> y = predictor.predictions(x);
    QPolygonF curve;
    for (Index k = 0; k < curvePoints; ++k)
        if (std::isfinite(y(0, k))) curve << QPointF(x(0, k), y(0, k));
    return curve;
}

} // namespace

PredictionCurve::PredictionCurve(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Prediction curve"));
}

void PredictionCurve::evaluate() {
    if (snapshot()->data != data_) {
        data_ = snapshot()->data;
        frame_.setData(planeData(*data_));
    }
    frame_.setGeometry(rect(), devicePixelRatioF());
    const Extent& extent = frame_.data().extent;
    channel().request([snapshot = snapshot(),
                       extent](const Cancelled&) { return evaluateCurve(*snapshot, extent.x0, extent.x1); },
                      [this, step = snapshot()->step](QPolygonF curve) {
                          curve_ = std::move(curve);
                          present(step);
                      });
}

void PredictionCurve::forget() {
    data_.reset();
    curve_.clear();
}

void PredictionCurve::paint(QPainter& painter) {
    frame_.setGeometry(rect(), devicePixelRatioF());
    const Palette& colors = Theme::instance().palette();
    QColor dots = colors.quiet;
    dots.setAlphaF(0.7f);
    frame_.paintOverlay(painter, dots);
    painter.save();
    painter.setClipRect(frame_.area());
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(runColor().isValid() ? runColor() : colors.accent, 2));
    QPolygonF line;
    for (const QPointF& at : curve_)
        line << frame_.toWidget(at);
    painter.drawPolyline(line);
    painter.restore();
}

QString PredictionCurve::textAt(const QPointF& position) const {
    if (empty() || !frame_.area().contains(position)) return {};
    const double x = frame_.toData(position).x();
    const auto after = std::lower_bound(curve_.begin(), curve_.end(), x,
                                        [](const QPointF& point, double at) { return point.x() < at; });
    const QPointF& point = after == curve_.end() ? curve_.last() : *after;
    QString text =
        tr("%1 = %2\npredicts %3").arg(frame_.data().xName, formatNumber(x), formatNumber(point.y()));
    if (const SamplePoint* sample = frame_.nearest(position))
        text += tr("\nnearest sample: target %1, %2")
                    .arg(formatNumber(sample->target), sample->test ? tr("test") : tr("training"));
    return text + tr("\nfilled: training, hollow: test; step %1").arg(formatCount(shownStep()));
}

ViewEntry predictionCurve() {
    return {
        {"prediction_curve",
         "Prediction curve",
         "Evaluation mode: the predicted target along the one feature, through the samples.",
         {},
         {}},
        "Curve",
        [](const Split& data) { return data.train.task == Task::Regression && data.train.features() == 1; },
        [](ViewWorker& worker) { return std::make_unique<PredictionCurve>(worker); }};
}

} // namespace kappascope::ui
