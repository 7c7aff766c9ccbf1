// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/step_team.h"
#include "engine/core/thread_team.h"
#include "engine/laboratory/materials.h"
#include "engine/laboratory/run.h"

#include <variant>

namespace kappascope {

/// The runs of an experiment, trained side by side, step by step: what the laboratory does, without its
/// thread, clock and queue. Used by one thread, the coordinator; the steps themselves are dealt to a team.
/// What an edit leads to depends on the steps alone, never on how they were cut into chunks.
class Lockstep {
public:
    // cppcheck-suppress passedByValue // four words
    explicit Lockstep(LaboratoryOptions options) : options_(options) {}

    bool ready() const { return materials_.index() != 0; }
    std::uint64_t generation() const { return generation_; }
    const Experiment& experiment() const { return experiment_; }
    const Experiment& start() const { return start_; }
    const std::vector<Change>& changes() const { return changes_; }
    const std::shared_ptr<const Split>& data() const { return data_; }
    const std::vector<std::unique_ptr<Run>>& runs() const { return runs_; }
    Run* run(int id) const;
    std::int64_t step() const { return step_; }
    const BatchPlan& plan() const { return plan_; }
    const MeasureCadence& cadence() const { return cadence_; }
    int threads() const;

    // --- setting up and changing; a failed call throws and leaves everything as it was ---
    /// Builds at step 0, with an empty log. Data that are there already are loaded anew only when `reload`.
    /// Throws WorkCancelled while data are loaded.
    void begin(const Experiment& experiment, bool reload, const Cancelled* cancelled = nullptr);
    /// Makes the experiment `after` out of the present one: see command::Edit.
    void edit(Experiment after, const std::string& description, const Cancelled* cancelled = nullptr);
    /// True when an edit must wait until the runs that are behind have caught up, because it would act on one
    /// of them: its effect would depend on how far that one has got.
    bool mustWait(Experiment after) const;
    /// True when an edit would start over.
    bool restarts(const Experiment& after) const {
        return !ready() || needsRestart(experiment_, completed(after));
    }

    // --- training ---
    bool canTrain() const;   ///< some run trains
    bool catchingUp() const; ///< some run is behind the others, who wait
    /// Does, for a slice of time or a pass each, what the runs evaluate before they can go on, those that are
    /// behind where some are; true when they need not wait for it. Where that is much, an edit, a pause or
    /// the end need not wait for it either.
    bool evaluateAhead(Clock::duration slice = std::chrono::milliseconds(30));
    /// The same where nothing trains, of the networks as they stand: Run::evaluateAtRest().
    bool evaluateAtRest(Clock::duration slice = std::chrono::milliseconds(30));
    /// Of the runs that evaluate, the share that they have done; 1 when none does.
    double evaluatedShare() const;
    /// By so many steps, or up to the next step that begins with a long evaluation.
    void advance(std::int64_t steps);
    /// The same for the runs that are behind.
    void catchUp(std::int64_t steps);
    /// The runs that are behind end where they are, for the reason `why`.
    void giveUpCatchingUp(const std::string& why);

    /// FNV-1a over the runs in the experiment's order, as 16 hex digits.
    std::string signature() const;

private:
    using AnyMaterials = std::variant<std::monostate, std::shared_ptr<const Materials<float>>,
                                      std::shared_ptr<const Materials<double>>>;
    /// What an edit makes, before anything of the present is touched.
    struct Successor {
        Experiment experiment;
        BatchPlan plan;
        std::vector<std::unique_ptr<Run>> made; ///< at the places of new runs; null where one stays
    };

    /// Where a training begins: the experiments at step 0 and now, and the changes between them.
    struct Course {
        Experiment start, experiment;
        std::vector<Change> changes;
        BatchPlan batches(int samples) const; ///< of a training set of so many
    };

    Experiment identified(Experiment after) const;
    Experiment completed(Experiment after) const;
    bool hasDataOf(const Experiment& experiment) const;
    Course courseFrom(Experiment start, Task task) const;
    static void checkFit(const AnyMaterials& materials, const Experiment& experiment);
    std::int64_t restoreSaved(const std::vector<std::unique_ptr<Run>>& runs) const;
    std::unique_ptr<Run> makeRun(const AnyMaterials& materials, const Experiment& experiment,
                                 const RunSpec& spec, const BatchPlan& plan) const;
    Successor prepare(Experiment after) const;
    std::unique_ptr<Run> prepareRun(const Experiment& after, const RunSpec& spec,
                                    const BatchPlan& plan) const;
    const Run* forkSource(const Experiment& after, const RunSpec& spec) const;
    void commit(Successor successor);
    void settle();
    void settleThreads();
    std::vector<Run*> runsIn(bool behind) const;
    bool evaluate(const std::vector<Run*>& runs, const std::function<bool(Run&)>& proceed);
    void train(const std::vector<Run*>& runs, const std::function<std::int64_t(const Run&)>& until);

    LaboratoryOptions options_;
    std::uint64_t generation_ = 0;
    Experiment experiment_, start_;
    std::vector<Change> changes_;
    std::shared_ptr<const Split> data_;
    AnyMaterials materials_;
    BatchPlan plan_{1, 1, 0};
    std::vector<std::unique_ptr<Run>> runs_; ///< in the experiment's order
    std::unique_ptr<ThreadTeam> team_;       ///< trains the runs side by side
    /// One for each run, where there are more threads than runs: for the work within a step.
    std::vector<std::unique_ptr<StepTeam>> stepTeams_;
    std::int64_t step_ = 0;
    MeasureCadence cadence_ = 1;
    std::uint64_t runsMade_ = 0;
};

} // namespace kappascope
