// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_panel.h"
#include "ui/theme/theme.h"
#include "ui/window/action_set.h"
#include "ui/window/dock_layout.h"
#include "ui/window/dock_panel.h"
#include "ui/window/menus/menus.h"
#include "ui/window/presenter_mode.h"
#include "ui/window/saved_layouts.h"

#include <QActionGroup>
#include <QInputDialog>
#include <QMenu>

namespace kappascope::ui {

namespace {

constexpr double textStep = 1.1;

QString tr(const char* text) {
    return QCoreApplication::translate("Menus", text);
}

void addPanels(QMenu& menu, ActionSet& actions, DockLayout& docks) {
    QMenu* panels = menu.addMenu(tr("&Panels"));
    for (DockPanel* panel : docks.panels())
        panels->addAction(actions.adopt(QStringLiteral("view.panel.") + panel->objectName(),
                                        panel->toggleViewAction(),
                                        tr("Shows or hides the panel “%1”").arg(panel->windowTitle())));
    menu.addAction(actions.add(QStringLiteral("view.resetLayout"), tr("Reset &layout"), {},
                               tr("All panels back to their places"), [&docks] { docks.reset(); }));
}

void askForName(QWidget* parent, const SavedLayouts& layouts) {
    auto* dialog = new QInputDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("layoutName"));
    dialog->setWindowTitle(tr("Save layout"));
    dialog->setLabelText(tr("Name of the layout; one that is there already is replaced"));
    dialog->setComboBoxItems(layouts.names());
    dialog->setComboBoxEditable(true);
    dialog->setTextValue({});
    QObject::connect(dialog, &QInputDialog::textValueSelected, dialog,
                     [layouts](const QString& name) { layouts.save(name); });
    dialog->open();
}

/// Layouts that have names: panels, their sizes, and the plots.
void addLayouts(QMenu& menu, ActionSet& actions, const SavedLayouts& layouts) {
    QMenu* saved = menu.addMenu(tr("Sa&ved layouts"));
    saved->setObjectName(QStringLiteral("savedLayouts"));
    QObject::connect(saved, &QMenu::aboutToShow, saved, [saved, layouts] {
        saved->clear();
        for (const QString& name : layouts.names())
            saved->addAction(QString(name).replace(u'&', QStringLiteral("&&")), saved,
                             [layouts, name] { layouts.restore(name); });
        if (saved->isEmpty()) {
            saved->addAction(tr("none yet"))->setEnabled(false);
            return;
        }
        saved->addSeparator();
        QMenu* remove = saved->addMenu(tr("&Remove"));
        for (const QString& name : layouts.names())
            remove->addAction(QString(name).replace(u'&', QStringLiteral("&&")), saved,
                              [layouts, name] { layouts.remove(name); });
    });
    menu.addAction(actions.add(QStringLiteral("view.saveLayout"), tr("Save layo&ut as…"), {},
                               tr("Keeps which panels and plots there are, and how large, under a name"),
                               [&menu, layouts] { askForName(menu.parentWidget()->window(), layouts); }));
}

void addText(QMenu& menu, ActionSet& actions) {
    const auto add = [&](const char* id, const QString& text, const QList<QKeySequence>& keys, auto act) {
        menu.addAction(
            actions.add(QString::fromLatin1(id), text, keys, tr("Size of all text"), std::move(act)));
    };
    add("view.textLarger", tr("&Larger text"), {Qt::CTRL | Qt::Key_Plus, Qt::CTRL | Qt::Key_Equal},
        [] { Theme::instance().setScale(Theme::instance().scale() * textStep); });
    add("view.textSmaller", tr("&Smaller text"), {Qt::CTRL | Qt::Key_Minus},
        [] { Theme::instance().setScale(Theme::instance().scale() / textStep); });
    add("view.textNormal", tr("&Normal text"), {Qt::CTRL | Qt::Key_0}, [] { Theme::instance().setScale(1); });
}

void addTheme(QMenu& menu, ActionSet& actions) {
    QMenu* themes = menu.addMenu(tr("&Theme"));
    auto* group = new QActionGroup(&actions);
    const QList<std::tuple<const char*, QString, Theme::Mode>> modes{
        {"view.themeSystem", tr("As the &system"), Theme::Mode::System},
        {"view.themeLight", tr("&Light"), Theme::Mode::Light},
        {"view.themeDark", tr("&Dark"), Theme::Mode::Dark}};
    for (const auto& [id, text, mode] : modes) {
        QAction* action = actions.addToggle(QString::fromLatin1(id), text, {}, tr("Colours of the window"),
                                            [mode = mode](bool) { Theme::instance().setMode(mode); });
        group->addAction(action);
        themes->addAction(action);
        const auto follow = [action, mode = mode] { action->setChecked(Theme::instance().mode() == mode); };
        QObject::connect(&Theme::instance(), &Theme::changed, action, follow);
        follow();
    }
    // In the tool bar and the action search: the menu has the three modes.
    actions.add(QStringLiteral("view.theme"), tr("Switch between light and dark"), {},
                tr("Colours of the window"), [] {
                    Theme::instance().setMode(Theme::instance().isDark() ? Theme::Mode::Light
                                                                         : Theme::Mode::Dark);
                });
}

void addFullScreen(QMenu& menu, ActionSet& actions, PresenterMode& presenter) {
    QAction* full = actions.addToggle(QStringLiteral("view.fullScreen"), tr("&Full screen"), {Qt::Key_F11},
                                      tr("The window alone on the screen"),
                                      [&presenter](bool) { presenter.toggleFullScreen(); });
    QAction* present = actions.addToggle(QStringLiteral("view.presenter"), tr("&Presenter"), {Qt::Key_F5},
                                         tr("Full screen with large text, for a projector"),
                                         [&presenter](bool) { presenter.togglePresenter(); });
    const auto follow = [full, present, &presenter] {
        full->setChecked(presenter.isFullScreen());
        present->setChecked(presenter.isPresenting());
    };
    QObject::connect(&presenter, &PresenterMode::changed, &actions, follow);
    menu.addAction(full);
    menu.addAction(present);
}

} // namespace

void fillViewMenu(QMenu& menu, ActionSet& actions, DockLayout& docks, const SavedLayouts& layouts,
                  const PlotPanel& plots, PresenterMode& presenter) {
    addPanels(menu, actions, docks);
    addLayouts(menu, actions, layouts);
    menu.addSeparator();
    for (QAction* action : plots.viewActions())
        menu.addAction(actions.adopt(QStringLiteral("view.plot.") + action->text(), action,
                                     tr("Of the plots, or of the one that was last under the mouse")));
    menu.addSeparator();
    addText(menu, actions);
    menu.addSeparator();
    addFullScreen(menu, actions, presenter);
    addTheme(menu, actions);
}

} // namespace kappascope::ui
