// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/lockstep.h"
#include "engine/studies/study_context.h"

namespace kappascope {

/// What was measured of one run, in evaluation mode over the whole sets. The values of a step are those
/// before its update: the first ones belong to the start, the last ones to the final parameters.
struct TrainedRun {
    bool diverged = false;
    std::string why; ///< where it diverged
    std::vector<std::int64_t> steps;
    std::vector<double> trainLoss, testAccuracy; ///< by position in `steps`; accuracy empty for regression
    double guessing = 0;                         ///< accuracy without knowledge: 1/classes

    /// After the last step. A run that has diverged knows nothing: the loss of its start, guessing's
    /// accuracy.
    double finalLoss() const { return diverged ? trainLoss.front() : trainLoss.back(); }
    double finalAccuracy() const { return diverged ? guessing : testAccuracy.back(); }
};

/// How long the runs of an experiment train, all together: processor seconds.
struct TrainingCost {
    double step = 0, measurement = 0; ///< of one step, of measuring losses and accuracies once
};

/// Trains experiments one after the other for a study; data that the next one shares stay loaded. Used by one
/// thread; the runs of an experiment are dealt to the team's number of threads.
class StudyTraining {
public:
    explicit StudyTraining(const StudyContext& context)
        : context_(context), lockstep_({.threads = context.options().threads}) {}

    /// Trains all runs of `experiment` by `steps` steps, with `points` measurements after the first at even
    /// distances. One entry a run, in the experiment's order. `what` is told while it trains; [from, to] is
    /// its part of the progress. Throws InputError and WorkCancelled.
    std::vector<TrainedRun> train(Experiment experiment, std::int64_t steps, int points,
                                  const std::string& what, double from, double to);

    /// What training `experiment` costs on this machine, by a trial of some tenths of a second. Throws as
    /// train() does.
    TrainingCost trial(Experiment experiment);

    const StudyContext& context() const { return context_; }
    /// The laboratory's heart, at the end of the last training: for snapshots.
    Lockstep& lockstep() { return lockstep_; }

private:
    const StudyContext& context_;
    Lockstep lockstep_;
};

} // namespace kappascope
