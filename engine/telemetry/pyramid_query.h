// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/telemetry/block_pyramid.h"

namespace kappascope {

/// Answers one query by walking down the pyramid: a block that is too wide for the picture is replaced by the
/// parts that it is made of, as long as those are kept. So every part of the range is read at the level that
/// suits its own density, and the cost is that of the answer, times the number of levels at worst.
class PyramidQuery {
public:
    PyramidQuery(const BlockPyramid& pyramid, std::int64_t from, std::int64_t to, int width,
                 std::vector<SeriesBlock>& out);
    void run();

private:
    static constexpr int values = -1; ///< the level below the first one: single values

    /// A block or value of the pyramid.
    struct Node {
        int level;
        std::int64_t number; ///< -1: none
    };

    const BlockPyramid::Level& level(int number) const {
        return pyramid_.levels_[static_cast<std::size_t>(number)];
    }
    std::int64_t cellOf(std::int64_t step) const { return step >> cellBits_; }
    bool fits(const SeriesBlock& block) const;
    static std::int64_t partsOf(int level) { return level == 0 ? BlockPyramid::finestStride : 2; }
    bool hasParts(Node node) const;
    SeriesBlock blockOf(Node node) const;
    void visit(Node node);
    void visitValue(std::int64_t number);
    void take(const SeriesBlock& block);
    void takeAlone(const SeriesBlock& block);
    void takeBefore();
    void flush();
    SeriesBlock finest(Node node, bool lastPart) const;

    const BlockPyramid& pyramid_;
    std::int64_t from_, to_;
    int cellBits_; ///< cells are 2^cellBits steps wide and begin at multiples of that, so that the picture
                   ///< stands still while new values come in
    std::vector<SeriesBlock>& out_;
    SeriesBlock group_;       ///< what was taken of the present cell
    Node before_{values, -1}; ///< the last one seen that ends before `from`
    bool done_ = false;       ///< the one behind `to` has been taken
};

} // namespace kappascope
