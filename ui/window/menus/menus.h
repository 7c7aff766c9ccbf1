// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

class QAction;
class QMainWindow;
class QMenu;

namespace kappascope::ui {

class ActionSet;
class DockLayout;
class ExportCommands;
class FileCommands;
class PlotPanel;
class PresenterMode;
class RunColumns;
class SavedLayouts;
class Session;

/// The window's menus, one a file. Each defines its actions in the set and puts them into `menu`.
void fillFileMenu(QMenu& menu, ActionSet& actions, FileCommands& files, ExportCommands& exports,
                  const PlotPanel& plots, QMainWindow& window);
void fillEditMenu(QMenu& menu, ActionSet& actions, Session& session, const PlotPanel& plots,
                  QMainWindow& window);
void fillRunMenu(QMenu& menu, ActionSet& actions, Session& session);
void fillViewMenu(QMenu& menu, ActionSet& actions, DockLayout& docks, const SavedLayouts& layouts,
                  const PlotPanel& plots, PresenterMode& presenter);
/// Experiments that come with the program; chosen, they are opened and start. The first menu that shows one
/// defines its action, others show the same.
void fillPresetMenu(QMenu& menu, ActionSet& actions, FileCommands& files);
/// The claims of the BNP paper, each with the experiments that show it.
void fillPaperMenu(QMenu& menu, ActionSet& actions, FileCommands& files);
/// The action that opens the preset called `name`.
QAction* presetAction(const std::string& name, ActionSet& actions, FileCommands& files);
/// What other programs read: curves, PyTorch.
void fillExportMenu(QMenu& menu, ActionSet& actions, ExportCommands& exports);
void fillRunsMenu(QMenu& menu, ActionSet& actions, Session& session, RunColumns& columns, PlotPanel& plots);
void fillHelpMenu(QMenu& menu, ActionSet& actions, Session& session, QMainWindow& window);

} // namespace kappascope::ui
