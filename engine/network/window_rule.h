// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/map_shape.h"

namespace kappascope {

/// How windows of height x width move over a map: by a stride, from so many rows and columns of padding
/// before its first one to as many behind its last one, in each direction. As torch.nn.Conv2d and MaxPool2d
/// count: the last windows need not reach the border.
struct WindowRule {
    Index height = 1, width = 1;
    Index strideY = 1, strideX = 1;
    Index paddingY = 0, paddingX = 0;

    static WindowRule square(Index kernel, Index stride = 1, Index padding = 0) {
        return {kernel, kernel, stride, stride, padding, padding};
    }

    Index area() const { return height * width; }
    bool padded() const { return paddingY > 0 || paddingX > 0; }
    /// How many windows, from top to bottom and from left to right; not positive where none fits.
    Index rows(const MapShape& map) const { return positions(map.height, height, strideY, paddingY); }
    Index columns(const MapShape& map) const { return positions(map.width, width, strideX, paddingX); }
    bool fits(const MapShape& map) const { return rows(map) > 0 && columns(map) > 0; }
    /// A map of `channels` at the windows' positions.
    MapShape over(const MapShape& map, Index channels) const { return {channels, rows(map), columns(map)}; }
    bool operator==(const WindowRule&) const = default;

private:
    static Index positions(Index length, Index kernel, Index stride, Index padding) {
        const Index room = length + 2 * padding - kernel;
        return room < 0 ? 0 : room / stride + 1;
    }
};

} // namespace kappascope
