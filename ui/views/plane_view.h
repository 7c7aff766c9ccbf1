// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_field.h"
#include "ui/views/plane_frame.h"
#include "ui/views/run_view.h"

namespace kappascope::ui {

/// Predictions over the plane of two features under the samples: what the decision map and the prediction
/// surface share.
class PlaneView : public RunView {
    Q_OBJECT
public:
    using RunView::RunView;
    QString textAt(const QPointF& position) const override;
    const PlaneFrame& frame() const { return frame_; }

protected:
    void evaluate() override;
    void restyle() override { frame_.forgetOverlay(); }
    void forget() override;
    void paint(QPainter& painter) override;
    bool empty() const override { return image_.isNull(); }

    /// What the network says at a place, for the tooltip.
    virtual QString prediction(const Eigen::Ref<const Vector<double>>& values) const = 0;
    virtual QString describe(const SamplePoint& point) const = 0;

private:
    struct Result {
        PlaneField field;
        QImage image;
    };

    void follow(const std::shared_ptr<const Split>& split);

    std::shared_ptr<const Split> data_; ///< of frame_
    PlaneFrame frame_;
    PlaneField field_;
    QImage image_;
};

} // namespace kappascope::ui
