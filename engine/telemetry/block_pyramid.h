// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/block.h"
#include "engine/telemetry/kept.h"

#include <vector>

namespace kappascope {

/// A sequence of numbers at many resolutions: the values themselves and levels of blocks of 8, 16, 32, ...
/// values, each block made of two of the level before. Of every level the newest blocks are kept, so that
/// each reaches twice as far back as the one before, and the first ones, so that a logarithmic axis finds the
/// beginning as finely as it shows it. The last level is short and whole: extremes never get lost. Memory is
/// proportional to the capacity and grows with the logarithm of the length.
class BlockPyramid {
public:
    struct Value {
        std::int64_t step;
        double value;
    };

    static constexpr std::size_t leastCapacity = 64;

    /// Keeps the newest `capacity` values (rounded down to a power of two, at least leastCapacity).
    explicit BlockPyramid(std::size_t capacity);

    /// Steps must not decrease. Amortized constant.
    void push(std::int64_t step, double value);
    void clear();
    /// Half the capacity from now on.
    void halve();

    std::size_t capacity() const { return capacity_; }
    std::int64_t pushed() const { return pushed_; }
    const Ring<Value>& values() const { return values_.newest(); }

    /// See Series::query().
    void query(std::int64_t from, std::int64_t to, int width, std::vector<SeriesBlock>& out) const;
    /// See Series::at().
    SeriesBlock at(std::int64_t step) const;

    /// Makes `result`, of the same capacity, a pyramid of the same shape with every number replaced, in order
    /// from the beginning: those that are kept as they are by value(double), those that only blocks know by
    /// block(SeriesBlock), which gives a block over the same values. Uses the memory that `result` has.
    template<class BlockMap, class ValueMap>
    void map(BlockPyramid& result, BlockMap&& block, ValueMap&& value) const;

    std::size_t bytes() const;

private:
    friend class PyramidQuery;

    /// Blocks of `stride` values; `open` gathers the values of the next one.
    struct Level {
        Kept<SeriesBlock> blocks;
        std::int64_t stride;
        SeriesBlock open;
    };

    static constexpr std::int64_t finestStride = 8;

    static SeriesBlock blockOf(const Value& value);
    std::size_t headOfValues() const;
    std::size_t headOfBlocks() const;
    std::size_t newestBlocks() const;
    void closeIfComplete(std::size_t level);
    void addLevel();
    void clearLike(const BlockPyramid& shape);
    void pushBlock(std::size_t level, const SeriesBlock& block);
    bool findFinest(std::int64_t number, std::size_t& level) const;
    void skipToPushed();

    std::size_t capacity_;
    Kept<Value> values_;
    BlockBuilder newest_;       ///< gathers the next block of the first level
    std::vector<Level> levels_; ///< added as they are needed
    std::int64_t pushed_ = 0;
};

template<class BlockMap, class ValueMap>
void BlockPyramid::map(BlockPyramid& result, BlockMap&& block, ValueMap&& value) const {
    result.clearLike(*this);
    while (result.pushed_ < pushed_) {
        result.skipToPushed();
        std::size_t level = 0;
        if (findFinest(result.pushed_, level)) {
            const Level& source = levels_[level];
            result.pushBlock(level, block(*source.blocks.find(result.pushed_ / source.stride)));
            continue;
        }
        while (const Value* kept = values_.find(result.pushed_))
            result.push(kept->step, value(kept->value));
    }
}

} // namespace kappascope
