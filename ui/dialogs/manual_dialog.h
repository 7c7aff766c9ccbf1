// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace kappascope::ui {

/// The README as it came with the program, from the tour on: to read beside the window. GUI thread only.
class ManualDialog : public QDialog {
    Q_OBJECT
public:
    explicit ManualDialog(QWidget* parent = nullptr);
};

} // namespace kappascope::ui
