// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/claim_catalog.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

void fillPaperMenu(QMenu& menu, ActionSet& actions, FileCommands& files) {
    menu.setToolTipsVisible(true);
    for (const Claim& claim : claimCatalog().entries()) {
        menu.addSection(QString::fromStdString(claim.label));
        for (const std::string& name : claim.presets)
            menu.addAction(presetAction(name, actions, files));
    }
}

} // namespace kappascope::ui
