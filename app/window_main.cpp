// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_options.h"
#include "engine/core/error.h"
#include "engine/files/presets.h"
#include "ui/main_window.h"
#include "ui/preferences.h"
#include "ui/session.h"
#include "ui/window/file_commands.h"

#include <QApplication>
#include <QIcon>
#include <QSettings>
#include <QTemporaryDir>
#include <cstdio>

namespace {

using namespace kappascope;

constexpr int wrongUsage = 2;

void nameApplication() {
    QApplication::setOrganizationName(QStringLiteral("Kappascope"));
    QApplication::setApplicationName(QStringLiteral("kappascope"));
    QApplication::setApplicationDisplayName(QStringLiteral("Kappascope"));
    QApplication::setApplicationVersion(QStringLiteral(KAPPASCOPE_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("org.kappascope.Kappascope"));
    QApplication::setWindowIcon(QIcon(QStringLiteral(":/desktop/kappascope.svg")));
}

Experiment beginWith(const WindowOptions& options) {
    return options.preset.isEmpty() ? defaultExperiment() : preset(options.preset.toStdString());
}

/// The window with the preset or the default experiment, training at once.
int runWindow(const WindowOptions& options) {
    ui::Session session({.threads = ui::Preferences::instance().threads(), .background = true});
    ui::MainWindow window(session);
    if (options.screenshot) { // sets the pace, so it comes before the training
        window.resize(options.screenshot->size);
        window.docks().reset();
        ui::takeScreenshot(session, window, *options.screenshot);
    }
    session.open(beginWith(options), true);
    if (!options.file.isEmpty()) window.files().openFile(options.file);
    if (!options.screenshot) {
        window.restoreLayout();
        window.startAutosave();
    }
    window.show();
    return QApplication::exec();
}

int start(const WindowOptions& options) {
    if (!options.printout.isEmpty()) {
        std::fputs(qPrintable(options.printout), stdout);
        return 0;
    }
    // A picture must not depend on the taste of whoever takes it.
    const QTemporaryDir freshSettings;
    if (options.screenshot) {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, freshSettings.path());
    }
    if (options.theme) ui::Theme::instance().setMode(*options.theme);
    ui::Theme::instance().apply();
    return runWindow(options);
}

} // namespace

int main(int argc, char** argv) {
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    const QApplication application(argc, argv);
    nameApplication();
    try {
        return start(readWindowOptions(QApplication::arguments()));
    } catch (const InputError& error) {
        std::fprintf(stderr, "kappascope: %s\n", error.what());
        return wrongUsage;
    }
}
