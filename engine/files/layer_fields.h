// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/field.h"
#include "engine/network/layer_spec.h"

namespace kappascope {

/// A list of layers as files have it: each an object with its "type" and the parameters beside it, a residual
/// block with its own list "layers"; or a name alone, a layer with its defaults ("flatten") or an activation
/// ("relu"). Throws InputError at the place of what is wrong.
std::vector<LayerSpec> readLayers(const Json& value, const std::string& place);
Json writeLayers(const std::vector<LayerSpec>& layers);
Json layersSchema();

} // namespace kappascope
