// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"

namespace kappascope {

/// The members in menu order: one line each, beside its file of the same name.
#define OPTIMIZERS(ADD)                                                                                      \
    ADD(sgd)                                                                                                 \
    ADD(momentum)                                                                                            \
    ADD(nesterov)                                                                                            \
    ADD(adagrad)                                                                                             \
    ADD(rmsprop)                                                                                             \
    ADD(adam)                                                                                                \
    ADD(adamw)

namespace optimizers {

#define DECLARE(member) OptimizerEntry member();
OPTIMIZERS(DECLARE)
#undef DECLARE

} // namespace optimizers

const Catalog<OptimizerEntry>& optimizerCatalog() {
#define LIST(member) optimizers::member(),
    static const Catalog<OptimizerEntry> catalog("optimizer", {OPTIMIZERS(LIST)});
#undef LIST
    return catalog;
}

} // namespace kappascope
