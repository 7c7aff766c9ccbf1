// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/step_team.h"
#include "engine/data/batch_plan.h"
#include "engine/training/training_data.h"

#include <array>

namespace kappascope {

/// The inputs of one run's mini-batches, step by step. Where the data have a loader, those of the next steps
/// are gathered by it meanwhile; the numbers are the same. By one thread at a time; allocates nothing between
/// two calls of follow().
template<class S>
class BatchFeed {
public:
    explicit BatchFeed(std::shared_ptr<const TrainingData<S>> data);
    ~BatchFeed();
    BatchFeed(const BatchFeed&) = delete;
    BatchFeed& operator=(const BatchFeed&) = delete;

    /// From now on the steps' batches are those of `plan`; sizes the workspaces.
    void follow(const BatchPlan& plan);

    /// Inputs of `step`, whose samples the plan says are `samples`: features x samples.size(). Valid until
    /// the next call. The whole training set, unchanged, stays in place from step to step. The threads of
    /// `team` share the work, each gathers those samples that it will pass forward or, `byFeatures`, those
    /// features of all samples (Network::sharesInputs()); null: none.
    MatrixRef<S> inputs(std::int64_t step, std::span<const int> samples, StepTeam* team = nullptr,
                        bool byFeatures = false);

private:
    /// One mini-batch: which, and its inputs.
    struct Batch final : LoaderJob {
        const TrainingData<S>* data = nullptr;
        std::int64_t step = none;
        std::vector<int> samples;
        Matrix<S> x; ///< columns for the largest batch
        Augmentation::Workspace workspace;

        void gather(std::span<const int> chosen);
        void work() override { gather(samples); }
    };
    static constexpr std::int64_t none = -1, every = -2; ///< no step's batch, or that of all steps
    static constexpr int ahead = 2;

    bool isDone(Batch& batch);
    void gather(std::span<const int> samples, MatrixRef<S> x, StepTeam* team, bool byFeatures) const;
    Batch& batchOf(std::int64_t step, std::span<const int> samples);
    void postNext(std::int64_t step);

    std::shared_ptr<const TrainingData<S>> data_;
    BatchPlan plan_{1, 1, 0};
    std::array<Batch, 1 + ahead> batches_; ///< the first alone without a loader
};

} // namespace kappascope
