// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_view.h"

namespace kappascope::ui {

/// Classification of two features: the predicted class of every place, the paler the less certain, under the
/// samples in the colours of their true classes.
class DecisionMap final : public PlaneView {
    Q_OBJECT
public:
    explicit DecisionMap(ViewWorker& worker, QWidget* parent = nullptr);

protected:
    QString prediction(const Eigen::Ref<const Vector<double>>& probabilities) const override;
    QString describe(const SamplePoint& point) const override;

private:
    QString className(int label) const;
};

} // namespace kappascope::ui
