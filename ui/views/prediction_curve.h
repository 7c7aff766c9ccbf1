// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_frame.h"
#include "ui/views/run_view.h"

#include <QPolygonF>

namespace kappascope::ui {

/// Regression on one feature: the network's curve in the run's colour through the samples.
class PredictionCurve final : public RunView {
    Q_OBJECT
public:
    explicit PredictionCurve(ViewWorker& worker, QWidget* parent = nullptr);
    QString textAt(const QPointF& position) const override;
    /// Where data stand in the picture.
    const PlaneFrame& frame() const { return frame_; }

protected:
    void evaluate() override;
    void restyle() override { frame_.forgetOverlay(); }
    void forget() override;
    void paint(QPainter& painter) override;
    bool followsSize() const override { return false; }
    bool empty() const override { return curve_.isEmpty(); }

private:
    std::shared_ptr<const Split> data_; ///< of frame_
    PlaneFrame frame_;
    QPolygonF curve_; ///< data units, by increasing x
};

} // namespace kappascope::ui
