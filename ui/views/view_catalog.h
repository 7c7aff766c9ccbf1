// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

#include "engine/core/catalog.h"

namespace kappascope::ui {

/// A kind of picture of a run.
struct ViewEntry : Description {
    std::string caption;                    ///< one short word, where the label has no room
    std::function<bool(const Split&)> fits; ///< it can show a network that was trained on these data
    std::function<std::unique_ptr<RunView>(ViewWorker&)> make;
};

/// All pictures of a run column, the most telling first: the first that fits the data is shown unless the
/// user chose another. To add one: one file with a function returning its entry, and one line in
/// view_catalog.cpp.
const Catalog<ViewEntry>& viewCatalog();

/// Those that fit, in catalog order.
std::vector<const ViewEntry*> viewsFor(const Split& data);

} // namespace kappascope::ui
