// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/reading.h"
#include "engine/laboratory/command.h"
#include "engine/laboratory/snapshot.h"
#include "engine/probes/probe.h"
#include "engine/telemetry/history.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kappascope {

struct SavedTraining;

/// How a run stands.
enum class RunState { Training, CatchingUp, Finished, Diverged };

struct RunStatus {
    int id = 0;
    RunState state = RunState::Training;
    std::int64_t step = 0; ///< steps done
    std::string why;       ///< Finished: which rule; Diverged: at which step, what was seen, what to try
    double seconds = 0;    ///< of computing, this run alone
    Index parameters = 0;
    /// Of the network as it stands, after `step` steps: where the training rests or is about to record it.
    /// Its history has it once the next step is done, if that is one that is evaluated.
    std::optional<Evaluation> evaluation{};
    double evaluated = 0; ///< share of that which is done
};

/// What the front ends may know, at one instant.
struct LaboratoryStatus {
    std::uint64_t generation = 0; ///< counts restarts: histories of an older one are gone
    /// Counts what experiment(), start(), changes() and data() have become: they are the same while it
    /// stands.
    std::uint64_t version = 0;
    bool ready = false; ///< data loaded and networks built; false while loading
    /// Why the last experiment or edit could not be put into force, or empty. What was before stays in force;
    /// when there was nothing before, ready is false.
    std::string failure;
    std::uint64_t failures = 0; ///< counts them: two in a row may read alike
    bool playing = false;
    std::uint64_t replay = 0;  ///< number of the replay() that set up what is in force
    bool opening = false;      ///< a replay has been asked for and is not set up yet
    std::int64_t replayTo = 0; ///< the step up to which changes are replayed; 0: none are
    std::int64_t step = 0;     ///< steps that all training runs have done
    double epoch = 0;
    std::int64_t examples = 0;
    double stepsPerSecond = 0; ///< lockstep steps, over the last second or so; 0 when paused
    double seconds = 0;        ///< of training since step 0, pauses not counted
    int threads = 1;
    std::int64_t evaluateEvery = 1; ///< steps between evaluations of the whole data
    /// Evaluates the whole data before anything else goes on, or at rest: the share that is done. None where
    /// that takes no time.
    std::optional<double> evaluating{};
    std::vector<RunStatus> runs; ///< in the experiment's order
};

struct LaboratoryOptions {
    int threads = 0;                                  ///< 0: as many as the machine has
    std::size_t historyBytes = std::size_t{64} << 20; ///< bound for one run's history
    std::size_t allHistoriesBytes = std::size_t{1}
                                    << 30; ///< bound for all together: many runs have less each
    bool background = false; ///< train at low priority, so that a window on the same cores stays smooth
    /// Where nothing trains, evaluate the networks as they are: for those who look at them.
    bool evaluatesAtRest = false;
    /// Where the first experiment, with the changes that this names, goes on, instead of at step 0; what does
    /// not fit it shows in status().failure.
    std::shared_ptr<const SavedTraining> resume{};
};

/// Trains the runs of an experiment in lockstep on its own threads. All calls are thread-safe and none waits
/// for training, except where said. Same experiment and same commands at the same steps: same bits, for any
/// number of threads.
class Laboratory {
public:
    /// Starts to set up `experiment` (validated by the caller or not: a failure shows in status().failure),
    /// paused.
    explicit Laboratory(Experiment experiment, LaboratoryOptions options = {});
    ~Laboratory(); ///< stops and joins its threads
    Laboratory(const Laboratory&) = delete;
    Laboratory& operator=(const Laboratory&) = delete;

    void send(Command command);
    /// Blocks until all commands sent before have been applied and, if they asked for steps, those are done;
    /// also until new runs have caught up.
    void wait();

    LaboratoryStatus status() const;
    Experiment experiment() const;             ///< as the last applied command left it
    Experiment start() const;                  ///< as it was at step 0: what changes() starts from
    std::vector<Change> changes() const;       ///< made since step 0, oldest first
    std::shared_ptr<const Split> data() const; ///< null until ready

    std::shared_ptr<History> history(int run) const; ///< null for an unknown id; stays alive with the caller

    /// The newest snapshot of `run` that has been taken; null before the first. Also asks for a newer one,
    /// taken at the next pause between chunks of steps: call it at the rate at which you can use them.
    std::shared_ptr<const Snapshot> snapshot(int run);

    /// Enough to come back to a state: replay() takes it.
    struct Log {
        Experiment start;
        std::vector<Change> changes;
        std::int64_t step = 0;
    };
    /// The log of one instant. While a replay is being set up or is under way it is that replay's whole log,
    /// so that nothing still to be replayed gets lost.
    Log log() const;

    /// Replays a session: its changes at their steps, up to its step, then pauses, or plays on when `goOn`.
    /// Replaces experiment and histories; what cannot be set up leaves the present ones as they are. Edits,
    /// StopReplay and a change that fails end the replay at the step it has reached; pauses only delay it.
    /// Returns its number, one more than that of the last; the constructor's has 1.
    std::uint64_t replay(Log log, bool goOn = false);
    std::uint64_t replay(Experiment start, std::vector<Change> changes, std::int64_t step) {
        return replay(Log{std::move(start), std::move(changes), step});
    }

    /// The state of a run as named tensors, PyTorch's names (interfaces.md), for checkpoints. Blocks until
    /// the present chunk is done. Values in float64; shapes beside them.
    struct NamedTensor {
        std::string name;
        std::vector<Index>
            shape; ///< PyTorch's: [out, in] for a weight, [out, in, height, width] of a convolution
        std::vector<double> values; ///< row-major
    };
    std::vector<NamedTensor> weights(int run); ///< empty for an unknown id

    /// All runs as they stand, for LaboratoryOptions::resume. Blocks until the present chunk is done.
    SavedTraining save();

    /// FNV-1a hash over all runs of the bits of final parameters and of every mini-batch loss, as 16 hex
    /// digits: equal for equal curves. Blocks until the present chunk is done.
    std::string signature();

private:
    class Worker;
    std::unique_ptr<Worker> worker_;
};

} // namespace kappascope
