// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"

#include <map>
#include <memory>

namespace kappascope {
struct Experiment;
struct Change;
} // namespace kappascope

namespace kappascope::ui {

class Session;

/// Looks at the session and says what there is to plot now. Keeps each run's seconds over its steps, which
/// only the ticks tell.
class SceneSource {
public:
    explicit SceneSource(const Session& session) : session_(session) {}

    /// Notes where the clocks of the runs stand: at every tick, seen or not.
    void observe();
    /// The runs started over.
    void forget() { clocks_.clear(); }
    /// Keeps the curves of `run` as a baseline for when it starts over or goes; 0: of none.
    void pin(int run);
    int pinned() const { return baseline_.run; } ///< 0: none
    std::shared_ptr<const PlotScene> scene(PlotViewState::XUnit unit);

private:
    const StepScale& batchScaleNow(PlotViewState::XUnit unit);
    bool baselineIsLive() const;
    double axisEnd(const PlotScene& scene);
    void addBaseline(PlotScene& scene) const;
    void addRuns(PlotScene& scene) const;
    void addFlags(PlotScene& scene) const;

    const Session& session_;
    std::map<int, StepScale> clocks_; ///< seconds of computing, by run
    /// A pinned run: its history outlives it, its clock and its batches are as they were at its last step.
    struct {
        int run = 0;
        QString name;
        std::string color;
        int position = 0;
        std::shared_ptr<History> history;
        StepScale clock, epochs, examples;
        std::uint64_t version = 0; ///< what the last two were made from
    } baseline_;
    /// The scale of epochs or examples, and what it was made from: the log is copied when it has changed.
    struct {
        StepScale scale;
        PlotViewState::XUnit unit = PlotViewState::XUnit::Step;
        std::uint64_t version = 0;
    } batches_;
    double end_ = 0; ///< of the x axis, in this unit
    PlotViewState::XUnit endUnit_ = PlotViewState::XUnit::Step;
};

/// Steps to epochs or examples, exactly as the batches are drawn: a new knot wherever the batch size changed.
StepScale batchScale(const Experiment& start, const std::vector<Change>& changes, int samples,
                     PlotViewState::XUnit unit);

} // namespace kappascope::ui
