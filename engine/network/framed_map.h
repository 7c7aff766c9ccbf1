// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/map_shape.h"

#include <algorithm>

namespace kappascope {

/// Where a sample's map stands for windows that reach over its border: rows x columns positions, of which the
/// map's own begin `top` and `left` behind the first ones (before them where negative: then they are cut
/// off) and all others are zero.
struct FramedMap {
    MapShape map;
    Index top = 0, left = 0;
    Index rows = 0, columns = 0;

    /// Nothing to add: the map can stay where it is.
    bool bare() const { return top == 0 && left == 0 && rows <= map.height && columns <= map.width; }
    Index rowStride() const { return (bare() ? map.width : columns) * map.channels; }
    /// Numbers that place() needs room for.
    Index size() const { return bare() ? 0 : rows * columns * map.channels; }

    /// Once before place().
    template<class S>
    void clear(S* room) const {
        std::fill_n(room, size(), S(0));
    }
    /// The framed map; `room` has been cleared and held other samples at most.
    template<class S>
    const S* place(const S* sample, S* room) const {
        if (bare()) return sample;
        const Index first = std::max<Index>(0, -left), last = std::min(map.width, columns - left);
        if (first >= last) return room;
        const Index end = std::min(map.height, rows - top);
        for (Index y = std::max<Index>(0, -top); y < end; ++y)
            std::copy_n(sample + (y * map.width + first) * map.channels, (last - first) * map.channels,
                        room + ((y + top) * columns + left + first) * map.channels);
        return room;
    }
};

} // namespace kappascope
