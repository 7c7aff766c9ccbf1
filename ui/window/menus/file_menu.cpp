// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_panel.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/file_commands.h"
#include "ui/window/menus/menus.h"
#include "ui/window/recent_files.h"

#include <QMainWindow>
#include <QMenu>

namespace kappascope::ui {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

} // namespace

void fillFileMenu(QMenu& menu, ActionSet& actions, FileCommands& files, ExportCommands& exports,
                  const PlotPanel& plots, QMainWindow& window) {
    const auto add = [&](const char* id, const QString& text, const QList<QKeySequence>& keys,
                         const QString& help, const char* icon, auto act) {
        QAction* action = actions.add(QString::fromLatin1(id), text, keys, help, std::move(act));
        if (icon) action->setIcon(Theme::instance().icon(QString::fromLatin1(icon)));
        menu.addAction(action);
    };
    add("file.new", tr("&New session"), QKeySequence::keyBindings(QKeySequence::New),
        tr("The experiment that the window opens with"), nullptr, [&files] { files.newSession(); });
    add("file.open", tr("&Open…"), QKeySequence::keyBindings(QKeySequence::Open),
        tr("A session or an experiment (.kappa)"), "open", [&files] { files.open(); });
    fillPresetMenu(*menu.addMenu(tr("&Presets")), actions, files);
    auto* recent = menu.addMenu(tr("Open &recent"));
    recent->setToolTipsVisible(true);
    RecentFiles::attachTo(*recent, [&files](const QString& file) { files.openFile(file); });
    menu.addSeparator();
    add("file.save", tr("&Save"), QKeySequence::keyBindings(QKeySequence::Save),
        tr("The experiment, what was changed at which step, and the window's layout"), "save",
        [&files] { files.save(); });
    add("file.saveAs", tr("Save &as…"), {Qt::CTRL | Qt::SHIFT | Qt::Key_S}, tr("Into another file"), nullptr,
        [&files] { files.saveAs(); });
    menu.addSeparator();
    add("file.import", tr("&Import data…"), {Qt::CTRL | Qt::Key_I},
        tr("A table (CSV) or images (IDX, CIFAR)"), nullptr, [&files] { files.importData(); });
    add("file.importFolder", tr("Import a &folder of images…"), {},
        tr("PNG files in one folder a class, or a folder of IDX or CIFAR files"), nullptr,
        [&files] { files.importFolder(); });
    fillExportMenu(*menu.addMenu(tr("&Export")), actions, exports);
    menu.addSeparator();
    for (QAction* action : plots.fileActions())
        menu.addAction(actions.adopt(QStringLiteral("file.plot.") + action->text(), action,
                                     tr("Of the plot that was last under the mouse")));
    menu.addSeparator();
    add("file.quit", tr("&Quit"), {Qt::CTRL | Qt::Key_Q}, tr("Asks first when something is not saved"),
        nullptr, [&window] { window.close(); });
    actions.find(QStringLiteral("file.quit"))->setMenuRole(QAction::QuitRole);
}

} // namespace kappascope::ui
