// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

#include <string>
#include <vector>

namespace kappascope {

/// A layer of a network as an experiment names it: a member of layerCatalog() with its parameters and, of a
/// residual block, the layers of its branch. A plain value.
struct LayerSpec {
    std::string type;
    Parameters parameters;
    std::vector<LayerSpec> layers{};

    bool operator==(const LayerSpec&) const = default;
};

} // namespace kappascope
