// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/network/layer_spec.h"

namespace kappascope {

/// A network with a name: its layers, without the output layer, which the data decide.
struct NetworkEntry : Description {
    std::vector<LayerSpec> layers;
};
/// To add one: one file in engine/network/networks and one line in network_catalog.cpp.
const Catalog<NetworkEntry>& networkCatalog();

} // namespace kappascope
