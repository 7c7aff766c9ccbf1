// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace kappascope {

/// A stretch of consecutive values. Values that are not finite do not enter minimum, maximum and mean.
struct SeriesBlock {
    std::int64_t first = 0, last = 0; ///< steps of the first and last value
    double front = 0, back = 0;       ///< the first and the last finite value: where a line enters and leaves
    double minimum = 0, maximum = 0, mean = 0;
    std::uint32_t count = 0;     ///< finite values
    std::uint32_t notFinite = 0; ///< values that are not finite: a mark, and a gap when count = 0

    std::int64_t values() const { return std::int64_t{count} + notFinite; }
    bool empty() const { return count == 0 && notFinite == 0; }

    /// Takes in the block that follows.
    void add(const SeriesBlock& next) {
        if (empty()) {
            *this = next;
            return;
        }
        last = next.last;
        notFinite += next.notFinite;
        if (next.count == 0) return;
        if (count == 0) front = next.front;
        back = next.back;
        minimum = count == 0 ? next.minimum : std::min(minimum, next.minimum);
        maximum = count == 0 ? next.maximum : std::max(maximum, next.maximum);
        count += next.count;
        mean += (next.mean - mean) * (static_cast<double>(next.count) / count);
    }
};

/// Gathers single values into a block.
class BlockBuilder {
public:
    /// Takes in the next value.
    void add(std::int64_t step, double value) {
        if (empty()) block_.first = step;
        block_.last = step;
        if (!std::isfinite(value)) {
            ++block_.notFinite;
            return;
        }
        if (block_.count == 0) block_.front = value;
        block_.back = value;
        block_.minimum = block_.count == 0 ? value : std::min(block_.minimum, value);
        block_.maximum = block_.count == 0 ? value : std::max(block_.maximum, value);
        sum_ += value;
        ++block_.count;
    }

    bool empty() const { return block_.empty(); }
    std::int64_t values() const { return block_.values(); }

    SeriesBlock block() const {
        SeriesBlock block = block_;
        if (block.count > 0) block.mean = sum_ / block.count;
        if (!std::isfinite(block.mean)) block.mean = block.minimum / 2 + block.maximum / 2; // overflow
        return block;
    }

private:
    SeriesBlock block_;
    double sum_ = 0;
};

} // namespace kappascope
