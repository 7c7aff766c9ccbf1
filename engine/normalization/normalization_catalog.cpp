// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/normalization.h"

// A new normalization is one file in this folder and one ADD here.
#define NORMALIZATIONS(ADD)                                                                                  \
    ADD(none)                                                                                                \
    ADD(batch_norm)                                                                                          \
    ADD(group_norm)                                                                                          \
    ADD(layer_norm)

namespace kappascope {

namespace normalizations {
#define ADD(name) NormalizationEntry name();
NORMALIZATIONS(ADD)
#undef ADD
} // namespace normalizations

const Catalog<NormalizationEntry>& normalizationCatalog() {
#define ADD(name) normalizations::name(),
    static const Catalog<NormalizationEntry> catalog("normalization", {NORMALIZATIONS(ADD)});
#undef ADD
    return catalog;
}

} // namespace kappascope
