// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation.h"

// A new activation is one file in this folder and one ADD here.
#define ACTIVATIONS(ADD)                                                                                     \
    ADD(tanh)                                                                                                \
    ADD(relu)                                                                                                \
    ADD(sigmoid)                                                                                             \
    ADD(identity)                                                                                            \
    ADD(leaky_relu)                                                                                          \
    ADD(gelu)                                                                                                \
    ADD(silu)                                                                                                \
    ADD(softplus)

namespace kappascope {

namespace activations {
#define ADD(name) ActivationEntry name();
ACTIVATIONS(ADD)
#undef ADD
} // namespace activations

const Catalog<ActivationEntry>& activationCatalog() {
#define ADD(name) activations::name(),
    static const Catalog<ActivationEntry> catalog("activation", {ACTIVATIONS(ADD)});
#undef ADD
    return catalog;
}

} // namespace kappascope
