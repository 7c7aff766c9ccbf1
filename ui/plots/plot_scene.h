// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/probes/probe.h"
#include "engine/telemetry/history.h"
#include "ui/plots/plot_view_state.h"
#include "ui/plots/step_scale.h"

#include <QString>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kappascope::ui {

/// What the theory of gradient descent, plain or with momentum, says of a run's loss from a measured step on
/// (and back from it, where the curvature was the same): loss(s) = floor + (loss - floor) factor^(s - step),
/// on a logarithmic axis a straight line where the floor is 0.
struct TheoryLine {
    std::int64_t step = 0;
    double loss = 0, floor = 0;
    double factor = 1; ///< of the loss above the floor, each step
    QString why;       ///< the theory does not hold: there is no line; empty when it does
    bool operator==(const TheoryLine&) const = default;

    double at(double steps) const;
};

/// A run as plots see it.
struct PlotRun {
    static constexpr int baselineId = -1; ///< of what is left of a pinned run
    int id = 0;
    QString name;
    std::string color; ///< its own, or empty: by position
    int position = 0;
    bool hidden = false, selected = false;
    std::shared_ptr<History> history;
    StepScale scale; ///< steps of this run to x (runs differ by seconds only)
    bool diverged = false;
    QString why;                      ///< it ended
    std::optional<TheoryLine> theory; ///< of the latest measured curvature; none before the first
    /// Where the training rests: the network as it stands, which the history does not know yet; the last
    /// point of what it evaluates.
    struct Evaluated {
        std::int64_t step = 0;
        Evaluation evaluation{};
    };
    std::optional<Evaluated> evaluated;
};

/// Something that the user changed while it trained.
struct PlotFlag {
    std::int64_t step = 0;
    QString text;
    bool operator==(const PlotFlag&) const = default;
};

/// All that plots draw from at one tick. A plain value: what makes it (SceneSource) knows the session, what
/// draws it does not.
struct PlotScene {
    std::vector<PlotRun> runs;
    std::vector<PlotFlag> flags;
    StepScale scale;           ///< of the crosshair and the flags: the selected run's
    std::int64_t lastStep = 0; ///< the furthest step that a shown run has measured
    double lastX = 1;          ///< right end of the x axis while it follows
    int layers = 0;            ///< dense layers, for metrics of one layer
    PlotViewState::XUnit unit = PlotViewState::XUnit::Step;
    /// What is measured in the place of the curvature that histories hold: "the Gauss-Newton matrix"; empty:
    /// just that. Curves of the curvature get no points meanwhile.
    QString otherCurvature;
};

} // namespace kappascope::ui
