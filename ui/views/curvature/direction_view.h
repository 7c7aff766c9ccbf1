// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/direction_probe.h"
#include "ui/views/curvature/spectrum_view.h"
#include "ui/views/run_view.h"

#include <QWidget>

class QBoxLayout;
class QLabel;
class QSlider;

namespace kappascope::ui {

/// The loss along a direction: as it is (solid) and as the quadratic model has it (dashed), with the place
/// that is looked at. GUI thread only.
class LossProfileView : public QWidget {
    Q_OBJECT
public:
    explicit LossProfileView(QWidget* parent = nullptr);
    void setProfile(const LossProfile& profile);
    void setEpsilon(double epsilon);
    void setRunColor(const QColor& color);
    /// Where epsilon and loss are drawn.
    QPointF at(double epsilon, double loss) const;

    QSize sizeHint() const override { return {200, 72}; }
    QSize minimumSizeHint() const override { return {100, 48}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRectF plotRect() const;

    LossProfile profile_;
    double epsilon_ = 0, low_ = 0, high_ = 1;
    QColor color_;
};

/// What an eigenvector does: the run's picture with the parameters moved by epsilon along it, a slider for
/// epsilon, the loss there. Evaluated by the worker. GUI thread only.
class DirectionView : public QWidget {
    Q_OBJECT
public:
    explicit DirectionView(ViewWorker& worker, QWidget* parent = nullptr);

    /// The reading must have vectors and its snapshot. The slider stays where it is.
    void show(std::shared_ptr<const CurvatureReading> reading, const EigenvalueChoice& which);
    void setRunColor(const QColor& color);

    double epsilon() const;
    QSlider* slider() const { return slider_; }
    RunView* picture() const { return picture_; }
    QString lossText() const;

signals:
    void closed(); ///< the user wants the numbers back
    void shown();  ///< a picture and its loss are there

private:
    void choosePicture();
    void orderProfile();
    void orderPicture();
    void showTexts();

    ViewWorker& worker_;
    ViewChannel moves_, profiles_;
    std::shared_ptr<const CurvatureReading> reading_;
    EigenvalueChoice which_;
    EigenDirection direction_;
    std::shared_ptr<const Split> data_; ///< for which picture_ was chosen
    RunView* picture_ = nullptr;
    QBoxLayout* layout_;
    QLabel *title_, *epsilonText_, *lossText_;
    QSlider* slider_;
    LossProfileView* profile_;
    double loss_ = 0;
    QColor color_;
};

} // namespace kappascope::ui
