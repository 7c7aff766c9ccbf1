// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"
#include "ui/window/action_set.h"
#include "ui/window/file_commands.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

QAction* presetAction(const std::string& name, ActionSet& actions, FileCommands& files) {
    const QString id = QStringLiteral("preset.") + QString::fromStdString(name);
    if (QAction* action = actions.find(id)) return action;
    const Experiment experiment = preset(name);
    return actions.add(id, QString::fromStdString(experiment.name), {},
                       QString::fromStdString(experiment.description),
                       [&files, experiment] { files.openExperiment(experiment); });
}

void fillPresetMenu(QMenu& menu, ActionSet& actions, FileCommands& files) {
    menu.setToolTipsVisible(true);
    for (const std::string& name : presetNames())
        menu.addAction(presetAction(name, actions, files));
}

} // namespace kappascope::ui
