// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace kappascope::ui {

/// What this is, with versions, licences and how to cite. GUI thread.
class AboutDialog : public QDialog {
    Q_OBJECT
public:
    explicit AboutDialog(int threads, QWidget* parent = nullptr);
};

/// Versions and machine as plain text, for reports of problems.
QString versionDetails(int threads);

/// How to cite the program and the method, as BibTeX.
QString citation();

} // namespace kappascope::ui
