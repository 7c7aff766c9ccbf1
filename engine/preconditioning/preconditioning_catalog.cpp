// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// The members in menu order: one line each, beside its file of the same name.
#define PRECONDITIONINGS(ADD)                                                                                \
    ADD(none)                                                                                                \
    ADD(bnp)                                                                                                 \
    ADD(centering)                                                                                           \
    ADD(scaling)

namespace preconditioning {

#define DECLARE(member) PreconditioningEntry member();
PRECONDITIONINGS(DECLARE)
#undef DECLARE

} // namespace preconditioning

const Catalog<PreconditioningEntry>& preconditioningCatalog() {
#define LIST(member) preconditioning::member(),
    static const Catalog<PreconditioningEntry> catalog("preconditioner", {PRECONDITIONINGS(LIST)});
#undef LIST
    return catalog;
}

} // namespace kappascope
