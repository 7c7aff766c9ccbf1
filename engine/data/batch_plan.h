// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace kappascope {

/// Which samples make the mini-batch of a step: a pure function of (seed, step), so that all runs, whenever
/// they were added, see the same batches. Every epoch is a fresh permutation cut into whole batches, the
/// remainder left out (PyTorch's drop_last); a batch as large as the training set is the set in its own
/// order. A change of the batch size starts a new epoch. A value; copies are independent.
class BatchPlan {
public:
    /// 1 <= batchSize; larger than `samples` means all of them.
    BatchPlan(int samples, int batchSize, std::uint64_t seed);

    /// Uses `batchSize` from `step` on; later segments are dropped. step >= 0.
    void changeBatchSize(std::int64_t step, int batchSize);

    int batchSizeAt(std::int64_t step) const;
    int largestBatch() const;
    double epochAt(std::int64_t step) const;          ///< epochs done before `step`
    std::int64_t examplesAt(std::int64_t step) const; ///< samples seen before `step`
    std::int64_t stepsPerEpochAt(std::int64_t step) const;
    bool fullBatchAt(std::int64_t step) const;

    /// The samples of `step`. Valid until the next call. Does not allocate; cost is that of one shuffle an
    /// epoch.
    std::span<const int> indices(std::int64_t step);

private:
    struct Segment {
        std::int64_t firstStep;
        int batchSize;
        std::int64_t stepsPerEpoch;
        std::int64_t firstEpoch; ///< number of the segment's first permutation
        double epochsBefore;
        std::int64_t examplesBefore;
    };
    const Segment& segmentAt(std::int64_t step) const;
    void order(std::int64_t step);

    int samples_;
    std::uint64_t seed_;
    std::vector<Segment> segments_;
    std::vector<int> order_; ///< the permutation of orderEpoch_
    std::int64_t orderEpoch_ = -1;
    std::int64_t batchesBegin_ = 0, batchesEnd_ = 0; ///< the steps whose batches it is cut into
    std::int64_t batch_ = 0;                         ///< their size
};

} // namespace kappascope
