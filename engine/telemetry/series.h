// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace kappascope {

/// One number over the steps of a run, in bounded memory. The newest values are kept as they are; older ones
/// as blocks of minimum, maximum and mean over 2, 4, 8, ... values (a pyramid of rings, each of `capacity`
/// blocks), so that extremes never get lost and any range can be asked at any width at a cost that depends on
/// the width alone. Not synchronized: History is the lock.
class Series {
public:
    /// A stretch of consecutive values. Values that are not finite do not enter minimum, maximum and mean.
    struct Block {
        std::int64_t first = 0, last = 0; ///< steps of the first and last value
        double minimum = 0, maximum = 0, mean = 0;
        std::uint32_t count = 0;     ///< finite values
        std::uint32_t notFinite = 0; ///< values that are not finite: a mark, and a gap when count = 0
    };

    explicit Series(std::size_t capacity = 1 << 15);

    /// Steps must not decrease. Amortized constant.
    void push(std::int64_t step, double value);
    /// Forgets everything.
    void clear();

    std::int64_t size() const { return pushed_; } ///< values pushed so far
    bool empty() const { return pushed_ == 0; }
    std::int64_t lastStep() const;
    double lastValue() const;

    /// The values with step in [from, to] as at most about 2 * width blocks from the finest level that still
    /// reaches back to `from`, with one more on either side where there is one (so that lines leave the
    /// picture).
    void query(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const;

    /// The value at `step`, or the block that holds it (the last one before it when the step itself was not
    /// measured). Count 0 and notFinite 0 when there is none.
    Block at(std::int64_t step) const;

    /// Values number first, first+1, ... as they were pushed, as far as they are still kept; returns the
    /// number of the first one delivered (larger than `first` when older ones have been merged).
    std::int64_t raw(std::int64_t first, std::vector<std::int64_t>& steps, std::vector<double>& values) const;

    /// Also keep the debiased exponential mean m_k / (1 - s^k), m <- s m + (1-s) x over all finite values,
    /// weight s in [0, 1); 0 switches it off. Recomputed from what is kept (exact over the newest values,
    /// from block means before), then kept up with every push.
    void setSmoothing(double s);
    double smoothing() const { return smoothing_; }
    /// The same as query() for the smoothed series.
    void querySmoothed(std::int64_t from, std::int64_t to, int width, std::vector<Block>& out) const;

    std::size_t bytes() const;

private:
    std::int64_t pushed_ = 0;
    double smoothing_ = 0;
};

} // namespace kappascope
