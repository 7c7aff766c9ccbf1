// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_columns.h"
#include "ui/plots/plot_panel.h"
#include "ui/session.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/menus/menus.h"

#include <QMenu>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

void toggleHidden(Session& session) {
    const RunSpec* run = session.run(session.selectedRun());
    if (!run) return;
    const QString name = QString::fromStdString(run->name);
    session.changeRun(run->id, run->hidden ? tr("show %1").arg(name) : tr("hide %1").arg(name),
                      [](RunSpec& spec) { spec.hidden = !spec.hidden; });
}

} // namespace

void fillRunsMenu(QMenu& menu, ActionSet& actions, Session& session, RunColumns& columns, PlotPanel& plots) {
    const auto add = [&](const char* id, const QString& text, const QList<QKeySequence>& keys,
                         const QString& help, const char* icon, auto act) {
        QAction* action = actions.add(QString::fromLatin1(id), text, keys, help, std::move(act));
        action->setIcon(Theme::instance().icon(QString::fromLatin1(icon)));
        menu.addAction(action);
        return action;
    };
    QAction* addRun = add("runs.add", tr("&Add run"), {Qt::CTRL | Qt::SHIFT | Qt::Key_N},
                          tr("A plain run from the same start weights; it catches up with the others"),
                          "plus", [&session] { session.addRun(); });
    QAction* fork = add("runs.fork", tr("&Duplicate run"), {Qt::CTRL | Qt::Key_D},
                        tr("A copy of the selected run that goes on from its present state"), "fork",
                        [&session] { session.duplicateRun(session.selectedRun()); });
    QAction* remove = add("runs.remove", tr("Re&move run"), {Qt::Key_Delete}, tr("Removes the selected run"),
                          "trash", [&session] { session.removeRun(session.selectedRun()); });
    menu.addSeparator();
    QAction* rename =
        add("runs.rename", tr("Re&name run"), {Qt::Key_F2}, tr("Gives the selected run another name"), "edit",
            [&columns] { columns.renameSelected(); });
    QAction* hide =
        add("runs.hide", tr("&Hide or show run"), {Qt::Key_H}, tr("A hidden run trains on, but is not drawn"),
            "eye-off", [&session] { toggleHidden(session); });
    QAction* pin = add("runs.pin", tr("&Pin as baseline, or no more"), {Qt::Key_B},
                       tr("The curves of the selected run stay, paler, when it starts over"), "lock",
                       [&session, &plots] { plots.togglePin(session.selectedRun()); });
    QAction* settings = add("runs.settings", tr("Run &settings…"), {Qt::CTRL | Qt::Key_Return},
                            tr("Every parameter of the selected run's methods"), "settings",
                            [&columns] { columns.openSettings(); });

    const auto follow = [=, &session] {
        const auto count = session.experiment().runs.size();
        addRun->setEnabled(count < mostRunsByHand);
        fork->setEnabled(count > 0 && count < mostRunsByHand);
        remove->setEnabled(count > 1);
        for (QAction* action : {rename, hide, pin, settings})
            action->setEnabled(count > 0);
    };
    QObject::connect(&session, &Session::experimentChanged, &actions, follow);
    follow();
}

} // namespace kappascope::ui
