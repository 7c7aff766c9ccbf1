// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"
#include "ui/window/action_set.h"
#include "ui/window/file_commands.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

void fillPresetMenu(QMenu& menu, ActionSet& actions, FileCommands& files) {
    menu.setToolTipsVisible(true);
    for (const std::string& name : presetNames()) {
        const QString id = QStringLiteral("preset.") + QString::fromStdString(name);
        QAction* action = actions.find(id);
        if (!action) {
            const Experiment experiment = preset(name);
            action = actions.add(id, QString::fromStdString(experiment.name), {},
                                 QString::fromStdString(experiment.description),
                                 [&files, experiment] { files.openExperiment(experiment); });
        }
        menu.addAction(action);
    }
}

} // namespace kappascope::ui
