// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_frame.h"
#include "ui/views/run_view.h"
#include "ui/views/sample_predictions.h"

namespace kappascope::ui {

/// Regression with any number of features: predicted against true target; a perfect network puts all dots on
/// the diagonal.
class PredictionScatter final : public RunView {
    Q_OBJECT
public:
    explicit PredictionScatter(ViewWorker& worker, QWidget* parent = nullptr);
    QString textAt(const QPointF& position) const override;
    const PlaneFrame& frame() const { return frame_; }

protected:
    void evaluate() override;
    void restyle() override { frame_.forgetOverlay(); }
    void forget() override;
    void paint(QPainter& painter) override;
    bool followsSize() const override { return false; }
    bool empty() const override { return predictions_.target.empty(); }

private:
    void accept(SamplePredictions predictions);

    SamplePredictions predictions_;
    PlaneFrame frame_;
};

} // namespace kappascope::ui
