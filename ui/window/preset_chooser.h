// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>

namespace kappascope::ui {

class ActionSet;
class FileCommands;
class Session;

/// Shows the experiment's name and offers the presets. GUI thread.
class PresetChooser : public QToolButton {
    Q_OBJECT
public:
    PresetChooser(ActionSet& actions, FileCommands& files, Session& session, QWidget* parent = nullptr);

private:
    void showName();

    Session& session_;
};

} // namespace kappascope::ui
