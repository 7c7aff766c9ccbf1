// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/block.h"
#include "engine/telemetry/ring.h"

#include <vector>

namespace kappascope {

/// A sequence of numbers at many resolutions, in bounded memory. The newest values are kept as they are;
/// rings of blocks of 8, 16, 32, ... values reach ever further back, each at least as far as the values
/// themselves. The last ring reaches back to the beginning always: when it is full, its neighbours merge in
/// pairs and it goes on with blocks twice as long. So extremes never get lost.
class BlockPyramid {
public:
    struct Value {
        std::int64_t step;
        double value;
    };

    /// Keeps the newest `capacity` values (at least 64), and capacity / 16 blocks in each ring.
    explicit BlockPyramid(std::size_t capacity);
    /// Bound on bytes() for that capacity, however many values are pushed.
    static std::size_t bytesAtMost(std::size_t capacity);

    /// Steps must not decrease. Amortized constant.
    void push(std::int64_t step, double value);
    void clear();

    std::size_t capacity() const { return capacity_; }
    std::int64_t pushed() const { return pushed_; }
    const Ring<Value>& values() const { return values_; }

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
    /// A ring of blocks of `stride` values; `open` gathers the values of the next one.
    struct Level {
        Ring<SeriesBlock> blocks;
        std::int64_t stride;
        SeriesBlock open;
        std::int64_t dropped = 0; ///< blocks that have left the ring
    };

    static std::size_t ringCapacity(std::size_t capacity, std::size_t level);
    void closeIfComplete(std::size_t level);
    void addLevel();
    void halveLast();
    void clearLike(const BlockPyramid& shape);
    void pushBlock(std::size_t level, const SeriesBlock& block);
    bool reaches(const Level& level, std::int64_t step) const;
    std::int64_t droppedValues() const { return pushed_ - static_cast<std::int64_t>(values_.size()); }
    /// What came after the last complete block of `level`.
    SeriesBlock tail(std::size_t level) const;
    bool queryValues(std::int64_t from, std::int64_t to, int width, std::vector<SeriesBlock>& out) const;
    bool queryLevel(std::size_t level, std::int64_t from, std::int64_t to, int width,
                    std::vector<SeriesBlock>& out) const;

    std::size_t capacity_;
    Ring<Value> values_;
    BlockBuilder newest_;       ///< gathers the next block of the first ring
    std::vector<Level> levels_; ///< added as they are needed
    std::int64_t pushed_ = 0;
};

template<class BlockMap, class ValueMap>
void BlockPyramid::map(BlockPyramid& result, BlockMap&& block, ValueMap&& value) const {
    result.clearLike(*this);
    // From the coarsest ring to the finest: of each, what lies before the beginning of the next finer one.
    for (std::size_t l = levels_.size(); l-- > 0;) {
        const Level& level = levels_[l];
        const std::int64_t finerStart =
            l == 0 ? droppedValues() : levels_[l - 1].dropped * levels_[l - 1].stride;
        auto i = static_cast<std::size_t>(result.pushed_ / level.stride - level.dropped);
        for (; result.pushed_ < finerStart && i < level.blocks.size(); ++i)
            result.pushBlock(l, block(level.blocks[i]));
        if (result.pushed_ <
            finerStart) // only when the blocks of the last ring have outgrown the ring before
            result.pushBlock(l, block(level.open.firstValues(finerStart - result.pushed_)));
        for (std::size_t finer = 0; finer < l; ++finer)
            result.levels_[finer].dropped = result.pushed_ / levels_[finer].stride;
    }
    for (auto i = static_cast<std::size_t>(result.pushed_ - droppedValues()); i < values_.size(); ++i)
        result.push(values_[i].step, value(values_[i].value));
}

} // namespace kappascope
