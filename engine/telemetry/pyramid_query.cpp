// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/pyramid_query.h"

#include <bit>

namespace kappascope {

PyramidQuery::PyramidQuery(const BlockPyramid& pyramid, std::int64_t from, std::int64_t to, int width,
                           std::vector<SeriesBlock>& out)
    : pyramid_(pyramid), from_(from), to_(to), out_(out) {
    const auto column = static_cast<std::uint64_t>(std::max<std::int64_t>((to - from) / width, 1));
    cellBits_ = static_cast<int>(std::bit_width(column)) - 1; // between one and two cells a pixel column
}

void PyramidQuery::run() {
    // The last level whole, then what came after it: at most one block of each level, and some values.
    std::int64_t next = 0;
    for (int l = static_cast<int>(pyramid_.levels_.size()); l-- > 0;) {
        for (; next < level(l).blocks.size() && !done_; ++next)
            visit({l, next});
        next *= partsOf(l);
    }
    for (; next < pyramid_.pushed_ && !done_; ++next)
        visitValue(next);
    flush();
    takeBefore(); // when there is nothing else
}

/// May it be merged with others of its cell? Blocks on the border of two cells may when they are short, which
/// saves looking into most of them.
bool PyramidQuery::fits(const SeriesBlock& block) const {
    if (block.first < from_ || block.last > to_) return false;
    return cellOf(block.first) == cellOf(block.last) ||
           block.last - block.first <= (std::int64_t{1} << cellBits_) / 2;
}

bool PyramidQuery::hasParts(Node node) const {
    if (node.level == values) return false;
    const std::int64_t parts = partsOf(node.level);
    const std::int64_t first = node.number * parts, last = first + parts - 1;
    return node.level == 0 ? pyramid_.values_.holds(first, last)
                           : level(node.level - 1).blocks.holds(first, last);
}

SeriesBlock PyramidQuery::blockOf(Node node) const {
    return node.level == values ? BlockPyramid::blockOf(*pyramid_.values_.find(node.number))
                                : *level(node.level).blocks.find(node.number);
}

void PyramidQuery::visit(Node node) {
    const SeriesBlock& block = *level(node.level).blocks.find(node.number);
    if (block.last < from_) {
        before_ = node;
        return;
    }
    if (block.first > to_) {
        takeAlone(finest(node, false));
        done_ = true;
        return;
    }
    if (fits(block)) {
        take(block);
        return;
    }
    if (!hasParts(node)) {
        takeAlone(block);
        return;
    }
    const std::int64_t parts = partsOf(node.level);
    for (std::int64_t i = node.number * parts; i < (node.number + 1) * parts && !done_; ++i) {
        if (node.level == 0)
            visitValue(i);
        else
            visit({node.level - 1, i});
    }
}

void PyramidQuery::visitValue(std::int64_t number) {
    const BlockPyramid::Value& value = *pyramid_.values_.find(number);
    if (value.step < from_) {
        before_ = {values, number};
        return;
    }
    const SeriesBlock block = BlockPyramid::blockOf(value);
    done_ = value.step > to_;
    if (done_)
        takeAlone(block);
    else
        take(block);
}

void PyramidQuery::take(const SeriesBlock& block) {
    takeBefore();
    if (!group_.empty() && cellOf(group_.first) != cellOf(block.first)) flush();
    group_.add(block);
}

void PyramidQuery::takeAlone(const SeriesBlock& block) {
    takeBefore();
    flush();
    out_.push_back(block);
}

void PyramidQuery::takeBefore() {
    if (before_.number < 0) return;
    out_.push_back(finest(before_, true));
    before_.number = -1;
}

void PyramidQuery::flush() {
    if (!group_.empty()) out_.push_back(group_);
    group_ = {};
}

/// The first or last part of `node`, as fine as there is.
SeriesBlock PyramidQuery::finest(Node node, bool lastPart) const {
    while (hasParts(node)) {
        const std::int64_t parts = partsOf(node.level);
        node = {node.level - 1, node.number * parts + (lastPart ? parts - 1 : 0)};
    }
    return blockOf(node);
}

} // namespace kappascope
