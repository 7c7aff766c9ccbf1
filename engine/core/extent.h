// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace kappascope {

/// A size in two directions, as of a window of pixels: height first, as in PyTorch. A plain value.
struct Extent {
    std::int64_t height = 0, width = 0;

    static Extent square(std::int64_t side) { return {side, side}; }
    bool isSquare() const { return height == width; }
    /// "3", or "3 x 5" where the directions differ.
    std::string text() const {
        return isSquare() ? std::to_string(height) : std::to_string(height) + " x " + std::to_string(width);
    }
    bool operator==(const Extent&) const = default;
};

} // namespace kappascope
