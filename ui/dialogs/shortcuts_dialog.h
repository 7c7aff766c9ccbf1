// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace kappascope::ui {

class ActionSet;

/// Every key of the window, by menu, and the mouse in plots. Stays open beside the work. GUI thread.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    explicit ShortcutsDialog(const ActionSet& actions, QWidget* parent = nullptr);
};

} // namespace kappascope::ui
