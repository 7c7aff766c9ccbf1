// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/block_pyramid.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace kappascope {

/// One number over the steps of a run, in bounded memory. The first and the newest values are kept as they
/// are; the others as blocks of minimum, maximum and mean over 8, 16, 32, ... values (a pyramid), so that
/// extremes never get lost and any range can be asked at any width at a cost that depends on the width alone.
/// Not synchronized: History is the lock.
class Series {
public:
    using Block = SeriesBlock;

    /// Keeps the newest `capacity` values as they are, the first ones (a quarter as many, at most 4096), and
    /// blocks for the others.
    explicit Series(std::size_t capacity = 1 << 15);

    /// Steps must not decrease. Amortized constant.
    void push(std::int64_t step, double value);
    /// Forgets everything.
    void clear();

    std::int64_t size() const { return values_.pushed(); } ///< values pushed so far
    bool empty() const { return size() == 0; }
    std::int64_t lastStep() const; ///< -1 when there is none
    double lastValue() const;      ///< NaN when there is none

    /// The values with step in [from, to] as about width to 2 * width blocks in order, none of which reaches
    /// far beyond one pixel column of (to - from) / width steps, unless nothing finer is kept: such a block
    /// stands alone, longer than a column. Where values are rarer than columns each is a block. One more on
    /// either side where there is one, so that lines leave the picture.
    void query(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const;

    /// The value at `step`, or the block that holds it (the last one before it when the step itself was not
    /// measured). Count 0 and notFinite 0 when there is none.
    Block at(std::int64_t step) const;

    /// Values number first, first+1, ... as they were pushed, as far as they are still kept; returns the
    /// number of the first one delivered (larger than `first` when older ones have been merged).
    std::int64_t raw(std::int64_t first, std::vector<std::int64_t>& steps, std::vector<double>& values) const;

    /// Also keep the debiased exponential mean m_k / (1 - s^k), m <- s m + (1-s) x over all finite values,
    /// weight s in [0, 1); 0 switches it off (TensorBoard's definition: values that are not finite are passed
    /// on but not averaged, a series that is constant so far is not smoothed). Recomputed from what is kept
    /// (exact over the newest values, from block means before), then kept up with every push.
    void setSmoothing(double s);
    double smoothing() const { return smoother_.weight; }
    /// The same as query() for the smoothed series.
    void querySmoothed(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const;

    std::size_t bytes() const;
    /// Forgets the older half of what is kept of every level, and keeps half as much from now on.
    void halve();
    bool canHalve() const { return values_.capacity() > BlockPyramid::leastCapacity; }

private:
    /// The recurrence of the debiased exponential mean.
    struct Smoother {
        double weight = 0;
        double mean = 0;  ///< m
        double power = 1; ///< s^k
        double start = 0; ///< the first finite value
        bool started = false, constant = true;
        std::uint32_t blockCount = 0; ///< for which blockDecay is s^count
        double blockDecay = 1;

        double next(double value);
        Block next(const Block& block);
        void compareWithStart(double minimum, double maximum);
    };

    BlockPyramid values_;
    std::optional<BlockPyramid> smoothed_;
    Smoother smoother_;
};

} // namespace kappascope
