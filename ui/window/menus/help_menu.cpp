// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/about_dialog.h"
#include "ui/dialogs/action_search.h"
#include "ui/dialogs/manual_dialog.h"
#include "ui/dialogs/shortcuts_dialog.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/explain_this.h"
#include "ui/window/menus/menus.h"

#include <QApplication>
#include <QClipboard>
#include <QMainWindow>
#include <QMenu>
#include <QWhatsThis>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

void showForGood(QDialog* dialog) {
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
}

} // namespace

void fillHelpMenu(QMenu& menu, ActionSet& actions, Session& session, QMainWindow& window) {
    menu.addAction(actions.add(QStringLiteral("help.manual"), tr("&Manual"), {Qt::Key_F1},
                               tr("A tour of the window, files, and the command line"), [&window] {
                                   if (auto* open = window.findChild<ManualDialog*>()) return open->raise();
                                   showForGood(new ManualDialog(&window));
                               }));
    new ExplainThis(&window);
    menu.addAction(actions.add(QStringLiteral("help.explain"), tr("&Explain this"), {Qt::SHIFT | Qt::Key_F1},
                               tr("Then click what you want explained"),
                               [] { QWhatsThis::enterWhatsThisMode(); }));
    auto* search = new ActionSearch(actions, &window);
    QAction* find =
        actions.add(QStringLiteral("help.search"), tr("&Search commands…"), {Qt::CTRL | Qt::Key_K},
                    tr("Finds a command by a few letters of its name"), [search] { search->open(); });
    find->setIcon(Theme::instance().icon(QStringLiteral("search")));
    menu.addAction(find);
    menu.addAction(actions.add(QStringLiteral("help.shortcuts"), tr("&Keyboard shortcuts"),
                               {Qt::CTRL | Qt::Key_Slash, Qt::Key_Question},
                               tr("All keys, and the mouse in plots"), [&actions, &window] {
                                   if (auto* open = window.findChild<ShortcutsDialog*>())
                                       return open->raise();
                                   showForGood(new ShortcutsDialog(actions, &window));
                               }));
    menu.addSeparator();
    menu.addAction(actions.add(
        QStringLiteral("help.copyVersions"), tr("Copy &version details"), {},
        tr("Versions and machine, to report a problem"),
        [&session] { QGuiApplication::clipboard()->setText(versionDetails(session.status().threads)); }));
    QAction* about = actions.add(
        QStringLiteral("help.about"), tr("&About Kappascope"), {}, tr("Version, licences, how to cite"),
        [&session, &window] { showForGood(new AboutDialog(session.status().threads, &window)); });
    about->setMenuRole(QAction::AboutRole);
    about->setIcon(Theme::instance().icon(QStringLiteral("info")));
    menu.addAction(about);
    QAction* aboutQt = actions.add(QStringLiteral("help.aboutQt"), tr("About &Qt"), {},
                                   tr("The library that draws this window"), [] { QApplication::aboutQt(); });
    aboutQt->setMenuRole(QAction::AboutQtRole);
    menu.addAction(aboutQt);
}

} // namespace kappascope::ui
