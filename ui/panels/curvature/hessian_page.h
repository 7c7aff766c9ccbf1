// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

#include <QWidget>
#include <memory>

namespace kappascope::ui {

class HessianView;
class PageCaption;

/// The Hessian as a picture, under a line that says whose and which. Of the readings that it is given; knows
/// no session. GUI thread only.
class HessianPage : public QWidget {
    Q_OBJECT
public:
    explicit HessianPage(QWidget* parent = nullptr);

    /// Null: nothing was measured yet.
    void setReading(std::shared_ptr<const CurvatureReading> reading);
    void setRun(const QString& name, const QColor& color);
    void setHint(const QString& hint);
    HessianView* view() const { return view_; }

private:
    PageCaption* caption_;
    HessianView* view_;
};

} // namespace kappascope::ui
