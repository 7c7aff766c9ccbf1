// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/networks/parts.h"

namespace kappascope::networks {

NetworkEntry mlp() {
    return {{.key = "mlp",
             .label = "Three hidden layers of 100",
             .help = "Dense layers of 100, 100 and 100 units with ReLU.",
             .reference = "Lange, Helfrich, Ye, JMLR 23(72), 2022, section 5",
             .parameters = {}},
            {layerNamed("flatten"), denseLayer(100), layerNamed("relu"), denseLayer(100), layerNamed("relu"),
             denseLayer(100), layerNamed("relu")}};
}

} // namespace kappascope::networks
