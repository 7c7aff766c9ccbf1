// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/batch_feed.h"

#include "engine/core/share.h"

#include <algorithm>

namespace kappascope {

template<class S>
BatchFeed<S>::BatchFeed(std::shared_ptr<const TrainingData<S>> data) : data_(std::move(data)) {
    for (Batch& batch : batches_) {
        batch.data = data_.get();
        batch.workspace = data_->augmentation.workspace();
    }
}

template<class S>
BatchFeed<S>::~BatchFeed() {
    for (Batch& batch : batches_)
        isDone(batch);
}

template<class S>
void BatchFeed<S>::follow(const BatchPlan& plan) {
    const Index columns = plan.largestBatch();
    for (Batch& batch : batches_) {
        isDone(batch);
        batch.step = none;
        if (!data_->loader && &batch != &batches_.front()) continue;
        if (batch.x.cols() != columns) batch.x.resize(data_->train.features(), columns);
        if (data_->loader) batch.samples.reserve(static_cast<std::size_t>(columns));
    }
    if (data_->loader) plan_ = plan;
}

/// True when the loader has gathered it; false when it is left to us.
template<class S>
bool BatchFeed<S>::isDone(Batch& batch) {
    return data_->loader && data_->loader->finish(batch);
}

template<class S>
void BatchFeed<S>::Batch::gather(std::span<const int> chosen) {
    data->augmentation.template gather<S>(data->train.x, chosen, step,
                                          x.leftCols(static_cast<Index>(chosen.size())), workspace);
}

template<class S>
MatrixRef<S> BatchFeed<S>::inputs(std::int64_t step, std::span<const int> samples, StepTeam* team,
                                  bool byFeatures) {
    const bool changes = data_->augmentation.any();
    const auto columns = static_cast<Index>(samples.size());
    const bool alwaysTheSame = columns == data_->train.samples() && !changes; // BatchPlan: in its own order
    if (data_->loader && !alwaysTheSame) {
        Batch& batch = batchOf(step, samples);
        postNext(step);
        return batch.x.leftCols(columns);
    }
    Batch& batch = batches_.front();
    MatrixRef<S> x = batch.x.leftCols(columns);
    if (changes) {
        batch.step = step;
        batch.gather(samples);
    } else if (!(alwaysTheSame && batch.step == every)) {
        gather(samples, x, team, byFeatures);
    }
    batch.step = alwaysTheSame ? every : none;
    return x;
}

template<class S>
void BatchFeed<S>::gather(std::span<const int> samples, MatrixRef<S> x, StepTeam* team,
                          bool byFeatures) const {
    const Features& all = data_->train.x;
    if (!team) return all.gather<S>(samples, x);
    const int parts = team->size();
    team->run(parts, [&](int part) {
        if (byFeatures) {
            const auto [first, count] = shareOf(x.rows(), part, parts);
            return all.gather<S>(samples, x.middleRows(first, count), first);
        }
        const auto [first, count] = shareOneByOne(x.cols(), part, parts);
        all.gather<S>(samples.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count)),
                      x.middleCols(first, count));
    });
}

/// That of `step`: gathered ahead, or now.
template<class S>
typename BatchFeed<S>::Batch& BatchFeed<S>::batchOf(std::int64_t step, std::span<const int> samples) {
    auto found = std::ranges::find(batches_, step, &Batch::step);
    if (found != batches_.end() && isDone(*found)) return *found;
    if (found == batches_.end()) {
        found = std::ranges::min_element(batches_, {}, &Batch::step);
        isDone(*found);
        found->step = step;
    }
    found->gather(samples);
    return *found;
}

/// Leaves the batches of the steps after `step` to the loader, in those places that hold none of them.
template<class S>
void BatchFeed<S>::postNext(std::int64_t step) {
    for (std::int64_t next = step + 1; next <= step + ahead; ++next) {
        if (std::ranges::find(batches_, next, &Batch::step) != batches_.end()) continue;
        for (Batch& batch : batches_) {
            if (batch.step >= step && batch.step <= step + ahead) continue;
            isDone(batch);
            const std::span<const int> samples = plan_.indices(next);
            batch.step = next;
            batch.samples.assign(samples.begin(), samples.end());
            data_->loader->post(batch);
            break;
        }
    }
}

template class BatchFeed<float>;
template class BatchFeed<double>;

} // namespace kappascope
