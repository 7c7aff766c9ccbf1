// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_spec.h"

#include <QObject>
#include <cstdint>

namespace kappascope::ui {

/// What all plots share: the unit of the x axis, its visible range, smoothing, and the step under the
/// crosshair. GUI thread only.
class PlotViewState : public QObject {
    Q_OBJECT
public:
    enum class XUnit { Step, Epoch, Examples, Seconds };

    using QObject::QObject;

    XUnit xUnit() const { return xUnit_; }
    void setXUnit(XUnit unit);
    /// Weight of the debiased exponential mean, 0 ... 0.999; 0: raw curves only.
    double smoothing() const { return smoothing_; }
    /// `lossesAlone`: of the mini-batches, one at each step, which are noise; what is measured seldom stays.
    void setSmoothing(double weight, bool lossesAlone = false);
    /// The same for an experiment that is opened, until somebody has set it.
    void suggestSmoothing(double weight, bool lossesAlone);
    bool smoothsLossesAlone() const { return lossesAlone_; }
    /// Of what a plot of `spec` shows.
    double smoothingOf(const PlotSpec& spec) const;
    bool logX() const { return logX_; }
    void setLogX(bool on);

    /// Follow: the x range grows with the training. Otherwise [from, to] in x units stays as the user zoomed
    /// it.
    bool follows() const { return follows_; }
    double from() const { return from_; }
    double to() const { return to_; }
    void zoomTo(double from, double to);
    void follow();

    /// Step under the crosshair; -1 for none. Set by the plot under the mouse, drawn by all.
    std::int64_t cursorStep() const { return cursorStep_; }
    void setCursorStep(std::int64_t step);
    /// Cursors A and B that were set by Shift-click; -1 for none.
    std::int64_t markA() const { return markA_; }
    std::int64_t markB() const { return markB_; }
    void setMark(std::int64_t step); ///< A first, then B, then A again
    void clearMarks();

signals:
    void rangeChanged();
    void styleChanged(); ///< unit, smoothing, log x
    void cursorMoved();  ///< or a mark was set

private:
    void smoothen(double weight, bool lossesAlone);

    XUnit xUnit_ = XUnit::Step;
    double smoothing_ = 0;
    bool lossesAlone_ = false, smoothingIsSet_ = false;
    bool logX_ = false, follows_ = true;
    double from_ = 0, to_ = 1;
    std::int64_t cursorStep_ = -1, markA_ = -1, markB_ = -1;
};

} // namespace kappascope::ui
