// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// The weights of a layer: `outputs` units (output channels), each of which sees, at a position, kernelArea
/// values of inputChannels/groups channels. The weight is a matrix of outputs x fanIn(); column k = tap *
/// (inputChannels/groups) + c, tap = ky * kernel width + kx. Units come in groups: those of group g see the
/// channels from g * inputChannels/groups on. A dense layer has kernelArea 1 and one group.
struct WeightShape {
    Index inputChannels = 0, kernelArea = 1, groups = 1, outputs = 0;
    Index positions = 1; ///< places at which the units act in one sample

    Index channelsOfGroup() const { return inputChannels / groups; }
    Index unitsOfGroup() const { return outputs / groups; }
    Index fanIn() const { return kernelArea * channelsOfGroup(); }
    Index fanOut() const { return kernelArea * unitsOfGroup(); }
    /// The input channel of weight k of the units of a group.
    Index channel(Index group, Index k) const { return group * channelsOfGroup() + k % channelsOfGroup(); }
    bool operator==(const WeightShape&) const = default;
};

} // namespace kappascope
