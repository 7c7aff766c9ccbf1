// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"
#include "ui/window/file_commands.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

void fillPresetMenu(QMenu& menu, FileCommands& files) {
    menu.setToolTipsVisible(true);
    for (const std::string& name : presetNames()) {
        const Experiment experiment = preset(name);
        QAction* action = menu.addAction(QString::fromStdString(experiment.name));
        action->setObjectName(QStringLiteral("preset-") + QString::fromStdString(name));
        action->setToolTip(QString::fromStdString(experiment.description));
        QObject::connect(action, &QAction::triggered, &files,
                         [&files, experiment] { files.openExperiment(experiment); });
    }
}

} // namespace kappascope::ui
