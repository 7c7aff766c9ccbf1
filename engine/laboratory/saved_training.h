// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/command.h"
#include "engine/laboratory/laboratory.h"
#include "engine/laboratory/stop_rules.h"
#include "engine/training/trainer_state.h"

namespace kappascope {

/// All that a run's further steps depend on besides the experiment and its data, between two steps: enough to
/// go on to the same bits. Numbers of a float32 run are exact in double.
struct SavedRun {
    RunState state = RunState::Training;
    std::string why;
    double seconds = 0;
    std::int64_t reached = 0, skipUpTo = -1;
    std::uint64_t losses = 0; ///< hash of them so far
    StopTracker tracker;
    TrainerState<double> trainer;
    std::vector<TrainerState<double>> kept; ///< states to return to after a divergence, older first
};

/// A training between two steps. A value.
struct SavedTraining {
    std::int64_t step = 0;      ///< of the lockstep
    std::vector<SavedRun> runs; ///< in the order of the experiment as it then was
    /// Made before, oldest first, to the experiment that it began with; Laboratory::save() leaves them out.
    std::vector<Change> changes{};
};

} // namespace kappascope
