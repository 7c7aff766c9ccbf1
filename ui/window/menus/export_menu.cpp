// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/export_commands.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

} // namespace

void fillExportMenu(QMenu& menu, ActionSet& actions, ExportCommands& exports) {
    QAction* curves = actions.add(QStringLiteral("export.curves"), tr("&Curves of all runs (CSV)…"), {},
                                  tr("Every value measured, one a row: run, step, metric, layer, value"),
                                  [&exports] { exports.curves(); });
    curves->setIcon(Theme::instance().icon(QStringLiteral("export")));
    menu.addAction(curves);
    menu.addAction(actions.add(QStringLiteral("export.torch"), tr("For &PyTorch…"), {},
                               tr("The same training as a Python script, with data, start weights and "
                                  "batches: it reproduces the loss"),
                               [&exports] { exports.torch(); }));
}

} // namespace kappascope::ui
