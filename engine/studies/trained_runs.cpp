// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/trained_runs.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <limits>

namespace kappascope {

namespace {

constexpr std::int64_t longestChunk = 2048;
constexpr double chunkSeconds = 0.5; // who cancels waits for no longer; the numbers do not depend on it

double processorSeconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

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
    std::int64_t chunk = 1;
    while (lockstep_.canTrain()) {
        context_.report(what, from + (to - from) * static_cast<double>(lockstep_.step()) /
                                         static_cast<double>(steps + 1));
        const auto begin = std::chrono::steady_clock::now();
        lockstep_.advance(std::min(chunk, steps + 1 - lockstep_.step()));
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        if (taken.count() < chunkSeconds / 2) chunk = std::min(2 * chunk, longestChunk);
        if (taken.count() > chunkSeconds) chunk = std::max<std::int64_t>(chunk / 2, 1);
    }
    std::vector<TrainedRun> runs;
    for (const auto& run : lockstep_.runs())
        runs.push_back(readRun(*run, lockstep_.data()->train));
    return runs;
}

TrainingCost StudyTraining::trial(Experiment experiment) {
    constexpr double enough = 0.2; // seconds
    experiment.stop = {};
    experiment.measureEvery = std::numeric_limits<std::int32_t>::max();
    lockstep_.begin(experiment, false, context_.cancelled());
    const double begin = processorSeconds();
    lockstep_.advance(1); // measures before it
    const double first = processorSeconds() - begin;
    std::int64_t steps = 0;
    double taken = 0;
    for (std::int64_t chunk = 8; lockstep_.canTrain() && taken < enough; chunk *= 2) {
        context_.report("a trial, to say how long it takes", 0);
        const double before = processorSeconds();
        lockstep_.advance(chunk);
        taken += processorSeconds() - before;
        steps += chunk;
    }
    TrainingCost cost;
    if (steps > 0) cost.step = taken / static_cast<double>(steps);
    cost.measurement = std::max(0.0, first - cost.step);
    return cost;
}

} // namespace kappascope
