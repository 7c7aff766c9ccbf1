// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/fnv_hash.h"
#include "engine/laboratory/laboratory.h"
#include "engine/laboratory/pacer.h"
#include "engine/laboratory/recorder.h"
#include "engine/laboratory/run_settings.h"
#include "engine/laboratory/saved_training.h"
#include "engine/training/measure_cadence.h"

namespace kappascope {

/// One copy of the network in training, whatever its precision: its trainer, its history, how it stands.
/// Used by one thread at a time: by a thread of the team while a chunk of steps is on, by the coordinator in
/// between. Only the history is shared with other threads.
class Run {
public:
    virtual ~Run() = default;
    Run(const Run&) = delete;
    Run& operator=(const Run&) = delete;

    // --- how it stands ---
    const RunSpec& spec() const { return spec_; }
    const RunSettings& settings() const { return settings_; }
    RunState state() const { return state_; }
    bool isActive() const { return state_ == RunState::Training || state_ == RunState::CatchingUp; }
    RunStatus status() const;
    const std::shared_ptr<History>& history() const { return history_; }
    virtual std::int64_t stepsDone() const = 0;
    /// The farthest it has got: a diverged run stands before the step at which that showed.
    std::int64_t reached() const { return std::max(reached_, stepsDone()); }
    /// Grows with everything that may have altered the network.
    std::uint64_t version() const { return version_; }
    /// Versions of this run begin at `first`, so that no two runs share one.
    void startVersions(std::uint64_t first) { version_ = first; }

    // --- training ---
    /// Trains until so many steps are done, or until it is finished or has diverged.
    virtual void advance(std::int64_t until) = 0;
    /// The first step after `from` that begins with an evaluation that takes long beside a chunk of steps; or
    /// `until`, if that is sooner.
    std::int64_t nextLongEvaluation(std::int64_t from, std::int64_t until) const;
    /// Does of the evaluation with which the next step begins what there is time for, where that is long.
    /// True when that step needs not wait for it. advance() would do the rest, at a stretch.
    virtual bool evaluateAhead(Clock::time_point deadline) = 0;

    /// The same of an evaluation of the network as it stands, whether the next step begins with one or not:
    /// where nothing trains, so that what is shown is not of a step long past. The next step uses it, or
    /// takes no notice. Only where all of it takes seconds at most, unless the run has come to its end.
    virtual bool evaluateAtRest(Clock::time_point deadline) = 0;

    /// Whether its steps are so long that threads could share them.
    virtual bool sharesSteps() const = 0;
    /// Threads that share the work of a step where that pays; null: none. The team outlives its use.
    virtual void setTeam(StepTeam* team) = 0;

    // --- changes between steps ---
    /// Name, colour and the like.
    void setSpec(RunSpec spec) { spec_ = std::move(spec); }
    /// Goes on with other methods. A run that has diverged gets another chance from its last finite state.
    virtual void apply(const RunSettings& settings) = 0;
    virtual void changeBatchSize(std::int64_t step, int batchSize) = 0;
    void setCadence(const MeasureCadence& cadence) { cadence_ = cadence; }
    /// Finishes the run, or lets a finished one go on, as the rules say.
    void setRules(const StopRules& rules);
    /// Sorts an active run into those that train and those that are behind the others.
    void compareWith(std::int64_t lockstep);
    /// Ends it where it is: its next step cannot be done. Other methods give it another chance.
    void fail(const std::string& why);
    /// A run with the same state and a copy of the history, that goes its own way from here as `spec`; its
    /// settings stay those of this one until apply().
    virtual std::unique_ptr<Run> fork(RunSpec spec) const = 0;
    /// What it needs to go on elsewhere, and to go on from there. Throws InputError when that is the state of
    /// a run with other methods or another network.
    virtual SavedRun save() const = 0;
    virtual void restore(const SavedRun& saved) = 0;

    // --- what others want to see ---
    virtual std::shared_ptr<Snapshot> snapshot() = 0;
    virtual std::vector<Laboratory::NamedTensor> weights() = 0;
    /// Adds the bits of all losses so far and of the present parameters.
    virtual void addTo(FnvHash& hash) const = 0;

protected:
    /// Multiply-adds: some ten milliseconds, some ten seconds.
    static constexpr Index longEvaluation = Index{1} << 26, longestAtRest = Index{1} << 37;
    virtual Index evaluationCost() const = 0;
    virtual void tellEvaluation(RunStatus& status) const = 0; ///< fills in what is known of it
    bool evaluatesLong() const { return isActive() && evaluationCost() > longEvaluation; }

    Run(RunSpec spec, RunSettings settings, std::shared_ptr<History> history)
        : spec_(std::move(spec)), settings_(std::move(settings)), history_(std::move(history)) {}

    /// Where `from` stands, for a fork.
    void copyProgress(const Run& from);
    SavedRun savedProgress() const; ///< without the states of trainers
    void restoreProgress(const SavedRun& saved);

    RunSpec spec_;
    RunSettings settings_;
    std::shared_ptr<History> history_;
    Recorder recorder_;
    StopRules rules_;
    FnvHash losses_;
    RunState state_ = RunState::Training;
    std::string why_;
    double seconds_ = 0;
    MeasureCadence cadence_ = 1;
    std::int64_t reached_ = 0;
    std::uint64_t version_ = 0;
    Index parameters_ = 0;
};

} // namespace kappascope
