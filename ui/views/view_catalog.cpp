// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_catalog.h"

#define RUN_VIEWS(ADD)                                                                                       \
    ADD(decisionMap)                                                                                         \
    ADD(predictionSurface)                                                                                   \
    ADD(predictionCurve)                                                                                     \
    ADD(imageGrid)                                                                                           \
    ADD(confusionMatrix)                                                                                     \
    ADD(predictionScatter)

namespace kappascope::ui {

#define DECLARE(view) ViewEntry view();
RUN_VIEWS(DECLARE)
#undef DECLARE

const Catalog<ViewEntry>& viewCatalog() {
#define COLLECT(view) view(),
    static const Catalog<ViewEntry> catalog("view", {RUN_VIEWS(COLLECT)});
#undef COLLECT
    return catalog;
}

std::vector<const ViewEntry*> viewsFor(const Split& data) {
    std::vector<const ViewEntry*> views;
    for (const ViewEntry& entry : viewCatalog().entries())
        if (entry.fits(data)) views.push_back(&entry);
    return views;
}

} // namespace kappascope::ui
