// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <variant>

namespace kappascope {

/// What the front ends may ask of the laboratory. Applied between steps and stamped with the step.
namespace command {

struct Play {};
struct Pause {};
/// Trains `steps` steps, then pauses.
struct Step {
    std::int64_t steps = 1;
};
/// Trains to the next whole epoch, then pauses.
struct StepEpoch {};
/// Back to step 0 with the same seeds; the log of changes is forgotten.
struct Reset {};
/// Ends a replay at the step it has reached: the changes still to come are dropped. Pauses.
struct StopReplay {};
/// Steps per second at most; 0: as fast as the machine goes.
struct SetSpeed {
    double stepsPerSecond = 0;
};
/// The experiment as it shall be from now on. The laboratory compares it with the present one: what needs a
/// restart (needsRestart) restarts all runs; every other difference acts at once on the runs concerned, found
/// by their id. A run that is new starts at step 0 and catches up with the others (they wait), or takes over
/// the state of the run that forkOf names.
struct Edit {
    Experiment experiment;
    std::string description; ///< for the flag on the time axis: "rate 0.1 -> 0.3"
};

} // namespace command

using Command = std::variant<command::Play, command::Pause, command::Step, command::StepEpoch, command::Reset,
                             command::StopReplay, command::SetSpeed, command::Edit>;

/// A change that was made in mid-training: enough to replay it, and to draw its flag.
struct Change {
    std::int64_t step = 0;
    std::string description;
    Experiment after;
};

} // namespace kappascope
