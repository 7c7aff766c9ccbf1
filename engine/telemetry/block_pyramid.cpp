// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/block_pyramid.h"

#include <utility>

namespace kappascope {

namespace {

constexpr std::size_t leastCapacity = 64;
constexpr std::size_t maximumLevels = 14;
constexpr std::int64_t finestStride = 8;
constexpr std::size_t valuesPerBlock = 16; ///< capacity of the values to capacity of a ring

/// Which items make a query's answer, and how many of them a block.
struct Selection {
    std::int64_t first, last; ///< items [first, last)
    std::int64_t dropped;     ///< items before the first one that is kept
    std::int64_t fold; ///< a power of two; groups begin at multiples of it counted from the very first item,
                       ///< so that the picture stands still while new ones come in

    bool startsGroup(std::int64_t item) const { return ((item + dropped) & (fold - 1)) == 0; }
};

/// Smallest power of two that brings `items` down to 2 * width.
std::int64_t foldFor(std::int64_t items, int width) {
    std::int64_t fold = 1;
    while (items > 2 * fold * width)
        fold *= 2;
    return fold;
}

} // namespace

BlockPyramid::BlockPyramid(std::size_t capacity)
    : capacity_(std::max(capacity, leastCapacity)), values_(capacity_) {
    addLevel();
}

/// Even, so that halving leaves no block over; long enough to reach as far back as the values do.
std::size_t BlockPyramid::ringCapacity(std::size_t capacity, std::size_t level) {
    const std::size_t usual = std::max(capacity, leastCapacity) / valuesPerBlock;
    const std::size_t reachOfValues = std::max(capacity, leastCapacity) / (finestStride << level);
    return (std::max(usual, reachOfValues) + 2) / 2 * 2;
}

std::size_t BlockPyramid::bytesAtMost(std::size_t capacity) {
    std::size_t bytes = std::max(capacity, leastCapacity) * sizeof(Value) + 2 * maximumLevels * sizeof(Level);
    for (std::size_t level = 0; level < maximumLevels; ++level)
        bytes += ringCapacity(capacity, level) * sizeof(SeriesBlock);
    return bytes;
}

void BlockPyramid::push(std::int64_t step, double value) {
    ++pushed_;
    values_.push({step, value});
    newest_.add(step, value);
    if (newest_.values() < finestStride) return;
    levels_.front().open = newest_.block();
    newest_ = {};
    closeIfComplete(0);
}

void BlockPyramid::pushBlock(std::size_t level, const SeriesBlock& block) {
    pushed_ += block.values();
    levels_[level].open.add(block);
    closeIfComplete(level);
}

void BlockPyramid::closeIfComplete(std::size_t level) {
    if (levels_[level].open.values() < levels_[level].stride) return;
    if (level + 1 == levels_.size() && levels_[level].blocks.full()) {
        if (levels_.size() == maximumLevels) {
            halveLast();
            return; // what is open is half of a block now
        }
        addLevel();
    }
    Level& complete = levels_[level];
    const SeriesBlock block = std::exchange(complete.open, {});
    if (complete.blocks.push(block)) ++complete.dropped;
    if (level + 1 < levels_.size()) {
        levels_[level + 1].open.add(block);
        closeIfComplete(level + 1);
    }
}

/// Adds a ring with blocks twice as long as those of the last one, made of what that one holds.
void BlockPyramid::addLevel() {
    const std::size_t number = levels_.size();
    Level added{Ring<SeriesBlock>(ringCapacity(capacity_, number)), finestStride << number, {}, 0};
    if (number > 0) {
        const Ring<SeriesBlock>& finer = levels_.back().blocks;
        for (std::size_t i = 0; i + 1 < finer.size(); i += 2) {
            SeriesBlock pair = finer[i];
            pair.add(finer[i + 1]);
            added.blocks.push(pair);
        }
    }
    levels_.push_back(std::move(added));
}

void BlockPyramid::halveLast() {
    Level& last = levels_.back();
    Ring<SeriesBlock> halved(ringCapacity(capacity_, levels_.size() - 1));
    for (std::size_t i = 0; i + 1 < last.blocks.size(); i += 2) {
        SeriesBlock pair = last.blocks[i];
        pair.add(last.blocks[i + 1]);
        halved.push(pair);
    }
    last.blocks = std::move(halved);
    last.stride *= 2;
}

void BlockPyramid::clear() {
    values_.clear();
    newest_ = {};
    levels_.clear();
    addLevel();
    pushed_ = 0;
}

/// Empty, with the rings of `shape`; keeps the memory of its own.
void BlockPyramid::clearLike(const BlockPyramid& shape) {
    values_.clear();
    newest_ = {};
    pushed_ = 0;
    while (levels_.size() > shape.levels_.size())
        levels_.pop_back();
    for (std::size_t l = 0; l < shape.levels_.size(); ++l) {
        if (l == levels_.size())
            levels_.push_back({Ring<SeriesBlock>(ringCapacity(capacity_, l)), finestStride, {}, 0});
        Level& level = levels_[l];
        level.blocks.clear();
        level.stride = shape.levels_[l].stride;
        level.open = {};
        level.dropped = 0;
    }
}

bool BlockPyramid::reaches(const Level& level, std::int64_t step) const {
    return level.dropped == 0 || (!level.blocks.empty() && level.blocks.front().first < step);
}

SeriesBlock BlockPyramid::tail(std::size_t level) const {
    SeriesBlock tail;
    for (std::size_t l = level + 1; l-- > 0;)
        if (!levels_[l].open.empty()) tail.add(levels_[l].open);
    if (!newest_.empty()) tail.add(newest_.block());
    return tail;
}

void BlockPyramid::query(std::int64_t from, std::int64_t to, int width, std::vector<SeriesBlock>& out) const {
    out.clear();
    if (pushed_ == 0 || to < from) return;
    width = std::max(width, 1);
    if (queryValues(from, to, width, out)) return;
    for (std::size_t level = 0; level < levels_.size(); ++level)
        if (queryLevel(level, from, to, width, out)) return;
}

/// False when the values do not reach back to `from`, or are so many that blocks of them serve better.
bool BlockPyramid::queryValues(std::int64_t from, std::int64_t to, int width,
                               std::vector<SeriesBlock>& out) const {
    if (values_.empty() || (droppedValues() > 0 && values_.front().step >= from)) return false;
    const auto size = static_cast<std::int64_t>(values_.size());
    const auto begin =
        static_cast<std::int64_t>(values_.firstThat([from](const Value& v) { return v.step >= from; }));
    const auto end =
        static_cast<std::int64_t>(values_.firstThat([to](const Value& v) { return v.step > to; }));
    const std::int64_t fold = foldFor(end - begin, width);
    if (fold > finestStride) return false;
    const Selection chosen{std::max<std::int64_t>(begin - 1, 0), std::min(end + 1, size), droppedValues(),
                           fold};
    BlockBuilder group;
    for (std::int64_t i = chosen.first; i < chosen.last; ++i) {
        if (chosen.startsGroup(i) && !group.empty()) {
            out.push_back(group.block());
            group = {};
        }
        const Value& value = values_[static_cast<std::size_t>(i)];
        group.add(value.step, value.value);
    }
    if (!group.empty()) out.push_back(group.block());
    return true;
}

/// False when this ring does not reach back to `from`, or a coarser one serves better.
bool BlockPyramid::queryLevel(std::size_t level, std::int64_t from, std::int64_t to, int width,
                              std::vector<SeriesBlock>& out) const {
    const Level& ring = levels_[level];
    const bool last = level + 1 == levels_.size();
    if (!last && !reaches(ring, from)) return false;
    const Ring<SeriesBlock>& blocks = ring.blocks;
    const SeriesBlock open = tail(level);
    const auto closed = static_cast<std::int64_t>(blocks.size());
    const std::int64_t size = closed + (open.empty() ? 0 : 1);
    auto begin =
        static_cast<std::int64_t>(blocks.firstThat([from](const SeriesBlock& b) { return b.last >= from; }));
    auto end =
        static_cast<std::int64_t>(blocks.firstThat([to](const SeriesBlock& b) { return b.first > to; }));
    if (begin == closed && !open.empty() && open.last < from) ++begin;
    if (end == closed && !open.empty() && open.first <= to) ++end;

    const std::int64_t fold = foldFor(end - begin, width);
    if (fold > 1 && !last) return false;
    const Selection chosen{std::max<std::int64_t>(begin - 1, 0), std::min(end + 1, size), ring.dropped, fold};
    SeriesBlock group;
    for (std::int64_t i = chosen.first; i < chosen.last; ++i) {
        if (chosen.startsGroup(i) && !group.empty()) {
            out.push_back(group);
            group = {};
        }
        group.add(i < closed ? blocks[static_cast<std::size_t>(i)] : open);
    }
    if (!group.empty()) out.push_back(group);
    return true;
}

SeriesBlock BlockPyramid::at(std::int64_t step) const {
    if (!values_.empty() && values_.front().step <= step) {
        const Value& value = values_[values_.firstThat([step](const Value& v) { return v.step > step; }) - 1];
        BlockBuilder block;
        block.add(value.step, value.value);
        return block.block();
    }
    for (const Level& level : levels_)
        if (!level.blocks.empty() && level.blocks.front().first <= step)
            return level
                .blocks[level.blocks.firstThat([step](const SeriesBlock& b) { return b.first > step; }) - 1];
    return {};
}

std::size_t BlockPyramid::bytes() const {
    std::size_t bytes = values_.bytes() + levels_.capacity() * sizeof(Level);
    for (const Level& level : levels_)
        bytes += level.blocks.bytes();
    return bytes;
}

} // namespace kappascope
