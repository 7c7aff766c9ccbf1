// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/materials.h"
#include "engine/laboratory/run.h"
#include "engine/laboratory/team_choice.h"

#include <array>
#include <optional>

namespace kappascope {

/// A run in precision S.
template<class S>
class RunOf final : public Run {
public:
    /// At step 0. `plan` gives its batches; `historyBytes` bounds its history.
    RunOf(std::shared_ptr<const Materials<S>> materials, RunSpec spec, RunSettings settings,
          const BatchPlan& plan, std::size_t historyBytes);

    std::int64_t stepsDone() const override { return trainer_.stepsDone(); }
    void advance(std::int64_t until) override;
    bool evaluateAhead(Clock::time_point deadline) override;
    bool evaluateAtRest(Clock::time_point deadline) override;
    bool sharesSteps() const override { return trainer_.sharesSteps(trainer_.plan().largestBatch()); }
    void setTeam(StepTeam* team) override;
    void apply(const RunSettings& settings) override;
    void changeBatchSize(std::int64_t step, int batchSize) override;
    std::unique_ptr<Run> fork(RunSpec spec) const override;
    SavedRun save() const override;
    void restore(const SavedRun& saved) override;
    std::shared_ptr<Snapshot> snapshot() override;
    std::vector<Laboratory::NamedTensor> weights() override;
    void addTo(FnvHash& hash) const override;

private:
    Index evaluationCost() const override { return trainer_.evaluationCost(); }
    void tellEvaluation(RunStatus& status) const override;
    void chooseTeam() { trainer_.setTeam(teamChoice_.shared() ? team_ : nullptr); }
    bool stepOnce();
    std::int64_t keepEvery() const;
    void diverge(std::int64_t failedStep, double loss);
    void returnTo(std::int64_t step);
    void keepState(bool forgetEarlier);
    std::shared_ptr<const UpdateState> updateState() const;

    std::shared_ptr<const Materials<S>> materials_;
    std::size_t historyBytes_;
    Trainer<S> trainer_;
    std::int64_t keepAt_ = 0; ///< the steps after which the state is kept next
    StepTeam* team_ = nullptr;
    TeamChoice teamChoice_;
    /// States to return to, older first; the older one because a failure shows one step late.
    std::array<std::optional<TrainerState<S>>, 2> kept_;
};

} // namespace kappascope
