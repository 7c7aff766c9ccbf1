// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initialization.h"

// A new initialization is one file in this folder and one ADD here.
#define INITIALIZATIONS(ADD)                                                                                 \
    ADD(xavier_uniform)                                                                                      \
    ADD(xavier_normal)                                                                                       \
    ADD(he_uniform)                                                                                          \
    ADD(he_normal)                                                                                           \
    ADD(lecun_uniform)                                                                                       \
    ADD(lecun_normal)                                                                                        \
    ADD(orthogonal)                                                                                          \
    ADD(uniform)                                                                                             \
    ADD(zero)

namespace kappascope {

namespace initializations {
#define ADD(name) InitializationEntry name();
INITIALIZATIONS(ADD)
#undef ADD
} // namespace initializations

const Catalog<InitializationEntry>& initializationCatalog() {
#define ADD(name) initializations::name(),
    static const Catalog<InitializationEntry> catalog("initialization", {INITIALIZATIONS(ADD)});
#undef ADD
    return catalog;
}

} // namespace kappascope
