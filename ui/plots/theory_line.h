// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/curve.h"

namespace kappascope::ui {

/// The line over the part of the window around its step; empty where there is none.
Curve theoryCurve(const PlotRun& run, const CurveWindow& window);

/// Whether any shown run has a line, and what each run's says or why it has none.
struct TheoryWords {
    bool measured = false, drawn = false;
    QString text;
};
TheoryWords theoryWords(const PlotScene& scene);

} // namespace kappascope::ui
