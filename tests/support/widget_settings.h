// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QSettings>
#include <QStandardPaths>

namespace kappascope::test {

/// For initTestCase() of a test of widgets: settings of its own, in a file named after the program, empty;
/// and the theme, which all widgets are drawn in. (A test of the whole window has a WindowSandbox.)
inline void startWithOwnSettings() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("kappascope-test");
    QSettings().clear();
    ui::Theme::instance().apply();
}

} // namespace kappascope::test
