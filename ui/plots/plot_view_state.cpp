// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_view_state.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr double strongestSmoothing = 0.999; ///< at 1 every curve would be flat
}

void PlotViewState::setXUnit(XUnit unit) {
    if (unit == xUnit_) return;
    xUnit_ = unit;
    follows_ = true; // a range in the old unit means nothing in the new one
    emit styleChanged();
    emit rangeChanged();
}

void PlotViewState::setSmoothing(double weight, bool lossesAlone) {
    smoothingIsSet_ = true;
    smoothen(weight, lossesAlone);
}

void PlotViewState::suggestSmoothing(double weight, bool lossesAlone) {
    if (!smoothingIsSet_) smoothen(weight, lossesAlone);
}

void PlotViewState::smoothen(double weight, bool lossesAlone) {
    weight = std::isfinite(weight) ? std::clamp(weight, 0.0, strongestSmoothing) : 0;
    if (weight == smoothing_ && lossesAlone == lossesAlone_) return;
    smoothing_ = weight;
    lossesAlone_ = lossesAlone;
    emit styleChanged();
}

double PlotViewState::smoothingOf(const PlotSpec& spec) const {
    return lossesAlone_ && std::ranges::none_of(spec.series, isBatchLoss) ? 0 : smoothing_;
}

void PlotViewState::setLogX(bool on) {
    if (on == logX_) return;
    logX_ = on;
    emit styleChanged();
}

void PlotViewState::zoomTo(double from, double to) {
    if (!(std::isfinite(from) && std::isfinite(to) && from < to)) return;
    if (!follows_ && from == from_ && to == to_) return;
    follows_ = false;
    from_ = from;
    to_ = to;
    emit rangeChanged();
}

void PlotViewState::follow() {
    if (follows_) return;
    follows_ = true;
    emit rangeChanged();
}

void PlotViewState::setCursorStep(std::int64_t step) {
    step = std::max<std::int64_t>(step, -1);
    if (step == cursorStep_) return;
    cursorStep_ = step;
    emit cursorMoved();
}

void PlotViewState::setMark(std::int64_t step) {
    if (step < 0) return;
    if (markA_ < 0 || markB_ >= 0) {
        markA_ = step;
        markB_ = -1;
    } else {
        markB_ = step;
    }
    emit cursorMoved();
}

void PlotViewState::clearMarks() {
    if (markA_ < 0 && markB_ < 0) return;
    markA_ = markB_ = -1;
    emit cursorMoved();
}

} // namespace kappascope::ui
