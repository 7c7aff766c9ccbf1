// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>

class QMenu;

namespace kappascope::ui {

class RunEditor;

/// What a run's menu asks of the place where it was opened.
struct RunMenuHooks {
    std::function<void()> rename;   ///< opens the field for the name
    std::function<void()> settings; ///< opens the settings of the run
};

/// Fills the three-dot menu of a run, the same in columns and table: rename, colour, fork, hide, remove,
/// settings, base rate. Actions have object names "rename", "fork", ...
void fillRunMenu(QMenu& menu, RunEditor& editor, int run, const RunMenuHooks& hooks);

/// Fills the menu of optimizers with the rates that go with them.
void fillOptimizerMenu(QMenu& menu, RunEditor& editor, int run);

} // namespace kappascope::ui
