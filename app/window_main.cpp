// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window_options.h"
#include "engine/core/error.h"
#include "engine/files/presets.h"
#include "ui/main_window.h"
#include "ui/panels/curvature/spectrum_page.h"
#include "ui/plots/plot_panel.h"
#include "ui/preferences.h"
#include "ui/session.h"
#include "ui/window/dock_panel.h"
#include "ui/window/file_commands.h"

#include <QApplication>
#include <QIcon>
#include <QSettings>
#include <QTemporaryDir>
#include <algorithm>
#include <cstdio>
#include <string_view>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

using namespace kappascope;

constexpr int wrongUsage = 2;
constexpr double firstSpeed =
    100; ///< steps per second: one sees who leads; the slider goes up to the fastest

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

ui::DockPanel& panelNamed(ui::MainWindow& window, const QString& name) {
    QStringList known;
    for (ui::DockPanel* panel : window.docks().panels()) {
        if (panel->objectName() == name) return *panel;
        known << panel->objectName();
    }
    throw InputError("--panel", "found '" + name.toStdString() + "', expected one of " +
                                    known.join(QStringLiteral(", ")).toStdString());
}

void showPanel(ui::DockPanel& panel) {
    panel.show();
    panel.raise();
}

void showPlots(ui::MainWindow& window, const QJsonArray& plots) {
    window.findChild<ui::PlotPanel*>()->restoreLayout(plots);
}

/// A run without a preconditioner shows PᵀHP = H everywhere: the first look is at the first that has one.
void selectPreconditioned(ui::Session& session) {
    for (const RunSpec& run : session.experiment().runs)
        if (run.preconditioner.method != "none") return session.selectRun(run.id);
}

/// As soon as it has been measured.
void showDirection(ui::Session& session, ui::MainWindow& window, std::int64_t number) {
    auto* page = window.findChild<ui::SpectrumPage*>();
    QObject::connect(&session, &ui::Session::ticked, page, [page, number] {
        if (!page->showsDirection()) page->openDirection(number);
    });
}

/// Also of a file, which is read meanwhile.
void selectRun(ui::Session& session, const QString& name) {
    const auto select = [&session, name] {
        for (const RunSpec& run : session.experiment().runs)
            if (run.name == name.toStdString()) session.selectRun(run.id);
    };
    select();
    QObject::connect(&session, &ui::Session::opened, &session, select);
}

/// Large memory comes from the system and goes back to it: else glibc keeps what a measurement of curvature
/// has taken, hundreds of megabytes for convolutions, in pieces between smaller ones.
void returnLargeMemory() {
#ifdef __GLIBC__
    constexpr int large = 1 << 20; // bytes
    mallopt(M_MMAP_THRESHOLD, large);
#endif
}

/// The window with the preset or the default experiment, training at once.
int runWindow(const WindowOptions& options) {
    constexpr std::size_t historyBytes = std::size_t{16}
                                         << 20; // of a run: with three, the window stays below 200 MiB
    ui::Session session({.threads = ui::Preferences::instance().threads(),
                         .historyBytes = historyBytes,
                         .background = true,
                         .evaluatesAtRest = true});
    session.setSpeed(firstSpeed);
    ui::MainWindow window(session);
    if (options.screenshot) { // sets the pace, so it comes before the training
        window.resize(options.screenshot->size);
        window.docks().reset();
        QWidget& subject =
            options.panelAlone ? panelNamed(window, options.panel) : static_cast<QWidget&>(window);
        ui::takeScreenshot(session, subject, *options.screenshot);
    }
    // A picture of a file is not one of what the window begins with.
    session.open(beginWith(options), !options.screenshot || options.file.isEmpty());
    if (!options.file.isEmpty()) window.files().openFile(options.file);
    if (!options.screenshot) {
        window.restoreLayout();
        window.startAutosave();
    }
    if (!options.run.isEmpty())
        selectRun(session, options.run);
    else if (options.file.isEmpty())
        selectPreconditioned(session);
    if (!options.panel.isEmpty()) showPanel(panelNamed(window, options.panel));
    if (!options.plots.isEmpty()) showPlots(window, options.plots);
    if (options.direction > 0) showDirection(session, window, options.direction);
    window.show();
    return QApplication::exec();
}

int start(const WindowOptions& options) {
    // A picture must not depend on the taste of whoever takes it.
    const QTemporaryDir freshSettings;
    if (options.screenshot) {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, freshSettings.path());
    }
    if (options.theme) ui::Theme::instance().setModeForNow(*options.theme);
    ui::Theme::instance().apply();
    return runWindow(options);
}

/// --help and --version need no display, so they are answered before Qt asks for one.
bool wantsPrintout(int argc, char** argv) {
    return std::any_of(argv + 1, argv + argc, [](std::string_view argument) {
        return argument == "-h" || argument == "--help" || argument == "-v" || argument == "--version";
    });
}

int print(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    std::fputs(qPrintable(readWindowOptions(QCoreApplication::arguments()).printout), stdout);
    return 0;
}

int startWindow(int argc, char** argv) {
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    const QApplication application(argc, argv);
    nameApplication();
    return start(readWindowOptions(QApplication::arguments()));
}

} // namespace

int main(int argc, char** argv) {
    returnLargeMemory();
    try {
        return wantsPrintout(argc, argv) ? print(argc, argv) : startWindow(argc, argv);
    } catch (const InputError& error) {
        std::fprintf(stderr, "kappascope: %s\n", error.what());
        return wrongUsage;
    }
}
