// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/batch_plan.h"
#include "engine/laboratory/experiment.h"

#include <array>

namespace kappascope {

/// The smallest step before which `epochs` epochs are done.
std::int64_t firstStepAtEpoch(const BatchPlan& plan, double epochs);

/// A StopSpec with its steps counted out.
struct StopRules {
    StopRules() = default;
    StopRules(const StopSpec& spec, const BatchPlan& plan);

    StopSpec spec;
    std::int64_t lastStep = 0; ///< steps after which a run is finished, by steps or epochs; 0: never
};

/// What the stop rules need to know of a run's measurements so far.
class StopTracker {
public:
    /// The mini-batch loss of a step, before the update.
    void seeStep(double loss);
    /// A measurement over the whole training set (test: test set) in the course of a step.
    void seeTrainLoss(std::int64_t step, double loss);
    void seeTestLoss(std::int64_t step, double loss);

    bool hasDiverged(double loss, const StopSpec& spec) const;
    /// Which rule ends the run after `stepsDone` steps, in words; empty for none.
    std::string reasonToStop(const StopRules& rules, std::int64_t stepsDone) const;

    double firstLoss() const { return firstLoss_; }

    /// All that it knows, to be kept in a file.
    using Numbers = std::array<double, 12>;
    Numbers numbers() const;
    void setNumbers(const Numbers& numbers);

private:
    /// Patience: a series of losses with its minimum.
    struct Watched {
        std::int64_t measured = 0, sinceMinimum = 0, minimumStep = 0;
        double minimum = 0;
        void see(std::int64_t step, double loss);
    };

    double firstLoss_ = 0;
    std::int64_t steps_ = 0;
    std::int64_t trainStep_ = -1; ///< of the last full training loss
    double trainLoss_ = 0;
    Watched train_, test_;
};

} // namespace kappascope
