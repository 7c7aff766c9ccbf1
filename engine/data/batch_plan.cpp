// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/batch_plan.h"

#include "engine/core/random.h"

#include <algorithm>
#include <numeric>

namespace kappascope {

BatchPlan::BatchPlan(int samples, int batchSize, std::uint64_t seed)
    : samples_(samples), seed_(seed), order_(static_cast<std::size_t>(samples)) {
    const int size = std::clamp(batchSize, 1, samples);
    segments_.push_back({0, size, samples / size, 0, 0.0, 0});
}

void BatchPlan::changeBatchSize(std::int64_t step, int batchSize) {
    const double epochs = epochAt(step);
    const std::int64_t examples = examplesAt(step);
    const Segment& now = segmentAt(step);
    const std::int64_t done = step - now.firstStep;
    const std::int64_t nextEpoch = now.firstEpoch + (done + now.stepsPerEpoch - 1) / now.stepsPerEpoch;

    while (!segments_.empty() && segments_.back().firstStep >= step)
        segments_.pop_back();
    const int size = std::clamp(batchSize, 1, samples_);
    segments_.push_back({step, size, samples_ / size, nextEpoch, epochs, examples});
    orderEpoch_ = -1;
    batchesEnd_ = batchesBegin_;
}

const BatchPlan::Segment& BatchPlan::segmentAt(std::int64_t step) const {
    if (step >= segments_.back().firstStep) return segments_.back(); // as usual
    const auto after = std::ranges::upper_bound(segments_, step, {}, &Segment::firstStep);
    return after == segments_.begin() ? *after : *(after - 1);
}

int BatchPlan::batchSizeAt(std::int64_t step) const {
    return segmentAt(step).batchSize;
}

int BatchPlan::largestBatch() const {
    return std::ranges::max_element(segments_, {}, &Segment::batchSize)->batchSize;
}

double BatchPlan::epochAt(std::int64_t step) const {
    const Segment& segment = segmentAt(step);
    return segment.epochsBefore +
           static_cast<double>(step - segment.firstStep) / static_cast<double>(segment.stepsPerEpoch);
}

std::int64_t BatchPlan::examplesAt(std::int64_t step) const {
    const Segment& segment = segmentAt(step);
    return segment.examplesBefore + (step - segment.firstStep) * segment.batchSize;
}

std::int64_t BatchPlan::stepsPerEpochAt(std::int64_t step) const {
    return segmentAt(step).stepsPerEpoch;
}

bool BatchPlan::fullBatchAt(std::int64_t step) const {
    return segmentAt(step).batchSize == samples_;
}

std::span<const int> BatchPlan::indices(std::int64_t step) {
    if (step < batchesBegin_ || step >= batchesEnd_) order(step);
    return {order_.data() + (step - batchesBegin_) * batch_, static_cast<std::size_t>(batch_)};
}

/// Sets the permutation whose piece is the batch of `step`. (Not looked up in each step: two divisions less.)
void BatchPlan::order(std::int64_t step) {
    const Segment& segment = segmentAt(step);
    const std::int64_t done = step - segment.firstStep;
    const bool full = segment.batchSize == samples_;
    const std::int64_t epoch = full ? -2 : segment.firstEpoch + done / segment.stepsPerEpoch;
    if (epoch != orderEpoch_) {
        std::iota(order_.begin(), order_.end(), 0);
        if (!full) RandomStream(seed_, "batches", static_cast<std::uint64_t>(epoch)).shuffle(order_);
        orderEpoch_ = epoch;
    }
    batch_ = segment.batchSize;
    batchesBegin_ = step - done % segment.stepsPerEpoch;
    batchesEnd_ = batchesBegin_ + segment.stepsPerEpoch;
    if (&segment != &segments_.back()) batchesEnd_ = std::min(batchesEnd_, (&segment + 1)->firstStep);
}

} // namespace kappascope
