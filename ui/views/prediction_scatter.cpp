// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/prediction_scatter.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

PredictionScatter::PredictionScatter(ViewWorker& worker, QWidget* parent) : RunView(worker, parent) {
    setAccessibleName(tr("Predicted against true target"));
}

void PredictionScatter::evaluate() {
    channel().request(
        [snapshot = snapshot()](const Cancelled& cancelled) { return predictSamples(*snapshot, cancelled); },
        [this, step = snapshot()->step](SamplePredictions predictions) {
            accept(std::move(predictions));
            present(step);
        });
}

void PredictionScatter::accept(SamplePredictions predictions) {
    predictions_ = std::move(predictions);
    PlaneData plane;
    plane.xName = tr("target");
    plane.yName = tr("prediction");
    const auto [low, high] = std::ranges::minmax(predictions_.target);
    const double pad = high > low ? 0.15 * (high - low) : 1;
    plane.extent = {low - pad, high + pad, low - pad, high + pad};
    plane.samples = static_cast<qint64>(predictions_.total);
    const std::size_t count = predictions_.target.size();
    const std::size_t stride = (count + PlaneData::mostPoints - 1) / PlaneData::mostPoints;
    for (std::size_t k = 0; k < count; k += stride) {
        if (!std::isfinite(predictions_.value[k])) continue;
        const double y = std::clamp(predictions_.value[k], plane.extent.y0, plane.extent.y1);
        plane.points.push_back({{predictions_.target[k], y}, 0, predictions_.value[k], false});
    }
    frame_.setData(std::move(plane));
    frame_.setGeometry(rect(), devicePixelRatioF());
}

void PredictionScatter::forget() {
    predictions_ = {};
    frame_.setData({});
}

void PredictionScatter::paint(QPainter& painter) {
    frame_.setGeometry(rect(), devicePixelRatioF());
    const Palette& colors = Theme::instance().palette();
    const Extent& extent = frame_.data().extent;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colors.quiet, 1, Qt::DashLine));
    painter.drawLine(frame_.toWidget({extent.x0, extent.y0}), frame_.toWidget({extent.x1, extent.y1}));
    frame_.paintOverlay(painter, runColor().isValid() ? runColor() : colors.accent);
}

QString PredictionScatter::textAt(const QPointF& position) const {
    if (empty() || !frame_.area().contains(position)) return {};
    QString text = tr("predicted (up) against true target (right), %1; step %2")
                       .arg(predictions_.source(), formatCount(shownStep()));
    if (const SamplePoint* point = frame_.nearest(position))
        text += tr("\nnearest sample: target %1, predicted %2")
                    .arg(formatNumber(point->at.x()), formatNumber(point->target));
    return text;
}

ViewEntry predictionScatter() {
    return {{"prediction_scatter",
             "Predicted against true",
             "Evaluation mode: predicted against true target, over at most 2,000 samples of the test set, or "
             "of the "
             "training set when nothing is held out.",
             {},
             {}},
            "Scatter",
            [](const Split& data) { return data.train.task == Task::Regression; },
            [](ViewWorker& worker) { return std::make_unique<PredictionScatter>(worker); }};
}

} // namespace kappascope::ui
