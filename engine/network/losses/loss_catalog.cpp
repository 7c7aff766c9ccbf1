// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"

// A new loss is one file in this folder and one ADD here.
#define LOSSES(ADD)                                                                                          \
    ADD(cross_entropy)                                                                                       \
    ADD(binary_cross_entropy)                                                                                \
    ADD(mean_squared_error)

namespace kappascope {

namespace losses {
#define ADD(name) LossEntry name();
LOSSES(ADD)
#undef ADD
} // namespace losses

const Catalog<LossEntry>& lossCatalog() {
#define ADD(name) losses::name(),
    static const Catalog<LossEntry> catalog("loss", {LOSSES(ADD)});
#undef ADD
    return catalog;
}

} // namespace kappascope
