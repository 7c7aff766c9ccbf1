// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/trained_runs.h"

#include <algorithm>

namespace kappascope {

namespace {

TrainedRun readRun(const Run& run, const Dataset& train) {
    TrainedRun read;
    const RunStatus status = run.status();
    read.diverged = status.state == RunState::Diverged;
    read.why = status.why;
    run.history()->raw({"train_loss_full"}, 0, read.steps, read.trainLoss);
    if (train.task == Task::Classification) {
        std::vector<std::int64_t> steps;
        run.history()->raw({"test_accuracy"}, 0, steps, read.testAccuracy);
        read.guessing = 1 / static_cast<double>(train.classes());
    }
    return read;
}

} // namespace

std::vector<TrainedRun> StudyTraining::train(Experiment experiment, std::int64_t steps, int points,
                                             const std::string& what, double from, double to) {
    // One step more, because a step measures what was before it.
    experiment.stop = {};
    experiment.stop.steps = steps + 1;
    experiment.measureEvery = std::max<std::int64_t>(1, steps / points);
    lockstep_.begin(experiment, false, context_.cancelled());
    const std::int64_t chunk = std::max<std::int64_t>(1, steps / 20);
    while (lockstep_.canTrain()) {
        context_.report(what, from + (to - from) * static_cast<double>(lockstep_.step()) /
                                         static_cast<double>(steps + 1));
        lockstep_.advance(std::min(chunk, steps + 1 - lockstep_.step()));
    }
    std::vector<TrainedRun> runs;
    for (const auto& run : lockstep_.runs())
        runs.push_back(readRun(*run, lockstep_.data()->train));
    return runs;
}

} // namespace kappascope
