// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QFormLayout;

namespace kappascope::ui {

/// The user's taste. Every change acts at once and is remembered. GUI thread.
class PreferencesDialog : public QDialog {
    Q_OBJECT
public:
    explicit PreferencesDialog(QWidget* parent = nullptr);

private:
    void addLook(QFormLayout& rows);
    void addPlots(QFormLayout& rows);
    void addTraining(QFormLayout& rows);
};

} // namespace kappascope::ui
