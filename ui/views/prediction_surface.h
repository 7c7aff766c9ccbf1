// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_view.h"

namespace kappascope::ui {

/// Regression on two features: the prediction at every place as a signed colour, under the samples in the
/// colours of their targets. The full colour stands for the largest |target|.
class PredictionSurface final : public PlaneView {
    Q_OBJECT
public:
    explicit PredictionSurface(ViewWorker& worker, QWidget* parent = nullptr);

protected:
    QString prediction(const Eigen::Ref<const Vector<double>>& values) const override;
    QString describe(const SamplePoint& point) const override;
};

} // namespace kappascope::ui
