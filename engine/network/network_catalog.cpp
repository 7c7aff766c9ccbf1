// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network_catalog.h"

// A new network is one file in the folder networks and one ADD here.
#define NETWORKS(ADD)                                                                                        \
    ADD(mlp)                                                                                                 \
    ADD(lenet)                                                                                               \
    ADD(cnn5)                                                                                                \
    ADD(resnet20)                                                                                            \
    ADD(resnet110)                                                                                           \
    ADD(resnet18)

namespace kappascope {

namespace networks {
#define ADD(name) NetworkEntry name();
NETWORKS(ADD)
#undef ADD
} // namespace networks

const Catalog<NetworkEntry>& networkCatalog() {
#define ADD(name) networks::name(),
    static const Catalog<NetworkEntry> catalog("network", {NETWORKS(ADD)});
#undef ADD
    return catalog;
}

} // namespace kappascope
