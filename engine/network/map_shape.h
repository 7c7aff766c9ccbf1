// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <string>

namespace kappascope {

/// The shape of what stands between two layers: feature maps of `channels` at height x width positions, or
/// plain features, {features, 1, 1}. Within a sample values lie channels last, feature = (y * width + x) *
/// channels + channel, so that a batch of n samples without gaps is also a matrix of channels x (positions
/// n): what acts on channels treats maps as it treats plain features.
struct MapShape {
    Index channels = 0, height = 1, width = 1;

    MapShape() = default;
    MapShape(Index c, Index h = 1, Index w = 1) // NOLINT: implicit, plain features are a shape
        : channels(c), height(h), width(w) {}

    Index positions() const { return height * width; }
    Index features() const { return channels * positions(); }
    bool flat() const { return positions() == 1; }
    /// "16 x 28 x 28" (channels, height, width), or "100".
    std::string text() const {
        const std::string c = std::to_string(channels);
        return flat() ? c : c + " x " + std::to_string(height) + " x " + std::to_string(width);
    }
    bool operator==(const MapShape&) const = default;
};

/// Values of channels at positions, seen as a matrix of channels x (positions n). `values`: features x n,
/// without gaps between the columns.
template<class S>
Columns<S> channelsOf(const Columns<S>& values, Index channels) {
    return {values.data, channels, values.size() / channels, channels};
}

} // namespace kappascope
