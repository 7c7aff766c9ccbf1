// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/prediction_surface.h"

#include "ui/theme/theme.h"
#include "ui/views/view_catalog.h"

namespace kappascope::ui {

PredictionSurface::PredictionSurface(ViewWorker& worker, QWidget* parent) : PlaneView(worker, parent) {
    setAccessibleName(tr("Prediction surface"));
}

QString PredictionSurface::prediction(const Eigen::Ref<const Vector<double>>& values) const {
    return tr("predicts %1").arg(formatNumber(values(0)));
}

QString PredictionSurface::describe(const SamplePoint& point) const {
    return tr("target %1").arg(formatNumber(point.target));
}

ViewEntry predictionSurface() {
    return {
        {"prediction_surface",
         "Prediction surface",
         "Evaluation mode: the predicted target at every place of the plane, in signed colours up to the "
         "largest "
         "absolute target.",
         {},
         {}},
        "Surface",
        [](const Split& data) { return data.train.task == Task::Regression && data.train.features() == 2; },
        [](ViewWorker& worker) { return std::make_unique<PredictionSurface>(worker); }};
}

} // namespace kappascope::ui
