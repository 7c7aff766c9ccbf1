// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/error.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/plots/plot_menu.h"
#include "ui/plots/plot_panel.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/menus/menus.h"
#include "ui/window/run_clipboard.h"

#include <QApplication>
#include <QClipboard>
#include <QMainWindow>
#include <QMenu>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

/// What has the focus copies what is selected there; else the plot last under the mouse is copied.
void copy(const PlotPanel& plots) {
    QWidget* focus = QApplication::focusWidget();
    if (focus && focus->metaObject()->indexOfSlot("copy()") >= 0)
        QMetaObject::invokeMethod(focus, "copy");
    else if (const MetricPlot* plot = plots.currentPlot())
        copyPlotImage(*plot);
}

void pasteSettings(Session& session) {
    const int run = session.selectedRun();
    const int position = session.positionOf(run);
    if (position < 0) return;
    try {
        const RunSpec after =
            withRunSettings(session.experiment(), position, QGuiApplication::clipboard()->text());
        session.changeRun(run, tr("%1: paste settings").arg(QString::fromStdString(after.name)),
                          [&after](RunSpec& spec) { spec = after; });
    } catch (const InputError& error) {
        emit session.editRefused(QString::fromUtf8(error.what()));
    }
}

/// The methods of the selected run, from one run or window to another.
void addRunSettings(QMenu& menu, ActionSet& actions, Session& session) {
    QAction* copied = actions.add(
        QStringLiteral("edit.copySettings"), tr("Copy run &settings"), {Qt::CTRL | Qt::SHIFT | Qt::Key_C},
        tr("Methods and learning rate of the selected run, as text of a session's file"), [&session] {
            const int position = session.positionOf(session.selectedRun());
            if (position >= 0)
                QGuiApplication::clipboard()->setText(runSettingsText(session.experiment(), position));
        });
    QAction* pasted = actions.add(QStringLiteral("edit.pasteSettings"), tr("P&aste run settings"),
                                  {Qt::CTRL | Qt::SHIFT | Qt::Key_V},
                                  tr("Gives the selected run the methods and the learning rate that were "
                                     "copied; acts at once, and can be undone"),
                                  [&session] { pasteSettings(session); });
    menu.addAction(copied);
    menu.addAction(pasted);
    const auto follow = [copied, pasted, &session] {
        const bool chosen = session.run(session.selectedRun());
        copied->setEnabled(chosen);
        pasted->setEnabled(chosen);
    };
    QObject::connect(&session, &Session::experimentChanged, &actions, follow);
    QObject::connect(&session, &Session::selectedRunChanged, &actions, follow);
    follow();
}

} // namespace

void fillEditMenu(QMenu& menu, ActionSet& actions, Session& session, const PlotPanel& plots,
                  QMainWindow& window) {
    QAction* undo = session.undoStack()->createUndoAction(&actions, tr("&Undo"));
    undo->setShortcuts(QKeySequence::Undo);
    undo->setIcon(Theme::instance().icon(QStringLiteral("undo")));
    menu.addAction(actions.adopt(QStringLiteral("edit.undo"), undo, tr("Takes the last change back")));
    QAction* redo = session.undoStack()->createRedoAction(&actions, tr("&Redo"));
    redo->setShortcuts({Qt::CTRL | Qt::SHIFT | Qt::Key_Z, Qt::CTRL | Qt::Key_Y});
    redo->setIcon(Theme::instance().icon(QStringLiteral("redo")));
    menu.addAction(actions.adopt(QStringLiteral("edit.redo"), redo, tr("Makes the change again")));
    menu.addSeparator();
    QAction* copyAction = actions.add(
        QStringLiteral("edit.copy"), tr("&Copy"), QKeySequence::keyBindings(QKeySequence::Copy),
        tr("The selected text or rows, else the plot last under the mouse"), [&plots] { copy(plots); });
    copyAction->setIcon(Theme::instance().icon(QStringLiteral("copy")));
    menu.addAction(copyAction);
    addRunSettings(menu, actions, session);
    menu.addSeparator();
    QAction* preferences =
        actions.add(QStringLiteral("edit.preferences"), tr("&Preferences…"), {Qt::CTRL | Qt::Key_Comma},
                    tr("Theme, text size, plots, threads"), [&window] {
                        auto* dialog = window.findChild<PreferencesDialog*>();
                        if (!dialog) {
                            dialog = new PreferencesDialog(&window);
                            dialog->setAttribute(Qt::WA_DeleteOnClose);
                        }
                        dialog->show();
                        dialog->raise();
                    });
    preferences->setMenuRole(QAction::PreferencesRole);
    preferences->setIcon(Theme::instance().icon(QStringLiteral("settings")));
    menu.addAction(preferences);
}

} // namespace kappascope::ui
