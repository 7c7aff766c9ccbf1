// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/network/layer_plan.h"

namespace kappascope {

/// A kind of layer that an experiment's list of layers may hold, with the names that torch.nn gives its
/// parameters.
struct LayerEntry : Description {
    bool holdsLayers = false; ///< has LayerSpec::layers
    /// Puts it behind what the stack holds. Throws InputError at `place` when it does not fit.
    std::function<void(const LayerSpec&, LayerStack&, const std::string& place)> append;
};
/// To add one: one file in engine/network/layers and one line in layer_catalog.cpp.
const Catalog<LayerEntry>& layerCatalog();

/// The parameters of `spec`: those of its type and, of an activation, those of its function.
std::vector<Parameter> layerParameters(const std::string& type, const std::string& function);

/// A layer with the defaults of its type; "relu" and the like: an activation with that function. Throws
/// InputError at `place` for an unknown name.
LayerSpec layerNamed(const std::string& name, const std::string& place = {});

/// Throws InputError at the place of the layer or parameter that is unknown or out of range. Shapes are
/// planLayers()'.
void checkLayers(const std::vector<LayerSpec>& layers, const std::string& place);

/// Layers, those within blocks counted too; and those of them that have weights, projections included.
std::size_t countLayers(const std::vector<LayerSpec>& layers);
std::size_t countWeighted(const std::vector<LayerSpec>& layers);

} // namespace kappascope
