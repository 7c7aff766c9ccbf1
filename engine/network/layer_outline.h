// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/network/layer_spec.h"
#include "engine/network/map_shape.h"

#include <optional>
#include <string>
#include <vector>

namespace kappascope {

/// One layer of a list, with what it gives and how many weights and biases it has.
struct OutlinedLayer {
    std::string place;             ///< "model.layers[3].layers[1]"
    std::optional<MapShape> gives; ///< nothing behind a mistake
    double parameters = 0; ///< of a block with those of its layers; a double, since products may be huge
};

/// A list of layers as an editor shows it while it is being put together: shapes as far as they can be told,
/// and the first mistake.
struct LayerOutline {
    std::vector<OutlinedLayer> layers; ///< a block stands before its own layers
    OutlinedLayer output;              ///< the dense layer behind them all
    std::optional<InputError> mistake;
    std::optional<std::size_t> mistaken; ///< the one of `layers` where it is; nothing: behind them all

    double parameters() const; ///< of all, the output layer too
};

/// The outline of `layers` on data of the shape `inputs`, with an output layer of `outputs` units; places
/// begin with `place`. What planLayers() and checkLayers() throw is told as the mistake. Any thread.
LayerOutline outlineLayers(const std::vector<LayerSpec>& layers, const MapShape& inputs, Index outputs,
                           const std::string& place);

} // namespace kappascope
