// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/block_pyramid.h"

#include "engine/telemetry/pyramid_query.h"

#include <algorithm>
#include <bit>
#include <utility>

namespace kappascope {

namespace {

constexpr std::size_t firstValues = 4096; ///< of a series are kept for ever: three decades and a half
/// Of the last level: so few that a query may begin with any of them.
constexpr std::int64_t mostTopBlocks = 64;

} // namespace

SeriesBlock BlockPyramid::blockOf(const Value& value) {
    SeriesBlock block;
    block.first = block.last = value.step;
    if (std::isfinite(value.value)) {
        block.front = block.back = block.minimum = block.maximum = block.mean = value.value;
        block.count = 1;
    } else
        block.notFinite = 1;
    return block;
}

BlockPyramid::BlockPyramid(std::size_t capacity)
    : capacity_(std::bit_floor(std::max(capacity, leastCapacity))), values_(headOfValues(), capacity_) {
    addLevel();
}

std::size_t BlockPyramid::headOfValues() const {
    return std::min(firstValues, capacity_ / 4);
}

/// Those of the first level are made of the first values; each head then reaches twice as far as the last.
std::size_t BlockPyramid::headOfBlocks() const {
    return headOfValues() / static_cast<std::size_t>(finestStride);
}

/// Those of the first level reach back as far as the values do.
std::size_t BlockPyramid::newestBlocks() const {
    return std::max<std::size_t>(std::size_t{mostTopBlocks},
                                 capacity_ / static_cast<std::size_t>(finestStride));
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
    if (level + 1 == levels_.size() && levels_[level].blocks.size() == mostTopBlocks) addLevel();
    Level& complete = levels_[level];
    const SeriesBlock block = std::exchange(complete.open, {});
    complete.blocks.push(block);
    if (level + 1 < levels_.size()) {
        levels_[level + 1].open.add(block);
        closeIfComplete(level + 1);
    }
}

/// Adds a level with blocks twice as long as those of the last one, made of what that one holds.
void BlockPyramid::addLevel() {
    const std::size_t number = levels_.size();
    Level added{Kept<SeriesBlock>(headOfBlocks(), newestBlocks()), finestStride << number, {}};
    if (number > 0) {
        const Kept<SeriesBlock>& finer = levels_.back().blocks;
        for (std::int64_t i = 0; i + 1 < finer.size(); i += 2) {
            SeriesBlock pair = *finer.find(i);
            pair.add(*finer.find(i + 1));
            added.blocks.push(pair);
        }
    }
    levels_.push_back(std::move(added));
}

void BlockPyramid::clear() {
    values_.clear();
    newest_ = {};
    levels_.clear();
    addLevel();
    pushed_ = 0;
}

void BlockPyramid::halve() {
    if (capacity_ == leastCapacity) return;
    capacity_ /= 2;
    values_.shrink(headOfValues(), capacity_);
    for (Level& level : levels_)
        level.blocks.shrink(headOfBlocks(), newestBlocks());
}

/// Empty, with the levels of `shape`; keeps the memory of its own.
void BlockPyramid::clearLike(const BlockPyramid& shape) {
    values_.clear();
    newest_ = {};
    pushed_ = 0;
    for (Level& level : levels_) {
        level.blocks.clear();
        level.open = {};
    }
    while (levels_.size() > shape.levels_.size())
        levels_.pop_back();
    while (levels_.size() < shape.levels_.size())
        addLevel();
}

/// The finest level with a block that begins with value `number`; false when the value itself is kept.
bool BlockPyramid::findFinest(std::int64_t number, std::size_t& level) const {
    if (values_.find(number)) return false;
    while (number % levels_[level].stride != 0 || !levels_[level].blocks.find(number / levels_[level].stride))
        ++level;
    return true;
}

/// Leaves out of the values and of each level what only blocks of later levels know.
void BlockPyramid::skipToPushed() {
    values_.skipTo(pushed_);
    for (Level& level : levels_)
        level.blocks.skipTo(pushed_ / level.stride);
}

void BlockPyramid::query(std::int64_t from, std::int64_t to, int width, std::vector<SeriesBlock>& out) const {
    out.clear();
    if (pushed_ > 0 && to >= from) PyramidQuery(*this, from, to, std::max(width, 1), out).run();
}

SeriesBlock BlockPyramid::at(std::int64_t step) const {
    const auto isLater = [step](const Value& value) { return value.step > step; };
    const auto beginsLater = [step](const SeriesBlock& block) { return block.first > step; };
    const Ring<Value>& newest = values_.newest();
    if (!newest.empty() && newest.front().step <= step) return blockOf(newest[newest.firstThat(isLater) - 1]);
    const std::vector<Value>& first = values_.head();
    if (first.empty() || first.front().step > step) return {};
    if (first.back().step >= step) return blockOf(*(std::ranges::find_if(first, isLater) - 1));
    for (const Level& level : levels_) {
        const Ring<SeriesBlock>& blocks = level.blocks.newest();
        if (!blocks.empty() && blocks.front().first <= step) return blocks[blocks.firstThat(beginsLater) - 1];
        const std::vector<SeriesBlock>& head = level.blocks.head();
        if (!head.empty() && head.back().last >= step) return *(std::ranges::find_if(head, beginsLater) - 1);
    }
    return {};
}

std::size_t BlockPyramid::bytes() const {
    std::size_t bytes = values_.bytes() + levels_.capacity() * sizeof(Level);
    for (const Level& level : levels_)
        bytes += level.blocks.bytes();
    return bytes;
}

} // namespace kappascope
