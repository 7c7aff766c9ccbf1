// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/shortcuts_dialog.h"

#include "ui/window/action_set.h"

#include <QAction>
#include <QHeaderView>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace kappascope::ui {

namespace {

QString keysOf(const QAction& action) {
    QStringList keys;
    for (const QKeySequence& key : action.shortcuts())
        keys << key.toString(QKeySequence::NativeText);
    return keys.join(QObject::tr("  or  "));
}

QTreeWidgetItem* addGroup(QTreeWidget& tree, const QString& title) {
    auto* group = new QTreeWidgetItem(&tree, {title});
    QFont bold = tree.font();
    bold.setWeight(QFont::DemiBold);
    group->setFont(0, bold);
    group->setFlags(Qt::ItemIsEnabled);
    return group;
}

void addGestures(QTreeWidget& tree) {
    QTreeWidgetItem* group = addGroup(tree, QObject::tr("Mouse in plots"));
    const QList<std::pair<QString, QString>> gestures{
        {QObject::tr("Zoom in or out"), QObject::tr("Wheel; over an axis: that axis only")},
        {QObject::tr("Zoom into a box"), QObject::tr("Drag")},
        {QObject::tr("Move the view"), QObject::tr("Ctrl+drag or middle button")},
        {QObject::tr("Fit, follow the training"), QObject::tr("Double click")},
        {QObject::tr("Set a cursor"), QObject::tr("Shift+click; again for a second one")},
        {QObject::tr("Two quantities in one plot"), QObject::tr("Drag a plot's name onto another plot")},
        {QObject::tr("Show a hidden run"), QObject::tr("Drag it from the legend onto a plot")},
        {QObject::tr("More"), QObject::tr("Right click")}};
    for (const auto& [what, how] : gestures)
        new QTreeWidgetItem(group, {what, how});
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const ActionSet& actions, QWidget* parent) : QDialog(parent) {
    setWindowTitle(tr("Keyboard shortcuts"));
    setObjectName(QStringLiteral("shortcuts"));
    auto* tree = new QTreeWidget(this);
    tree->setColumnCount(2);
    tree->setHeaderHidden(true);
    tree->setRootIsDecorated(false);
    tree->setIndentation(12);
    tree->setSelectionMode(QAbstractItemView::NoSelection);
    QHash<QString, QTreeWidgetItem*> groups;
    for (const QAction* action : actions.all()) {
        if (action->shortcuts().isEmpty()) continue;
        const QString name = ActionSet::groupOf(action);
        if (!groups.contains(name)) groups.insert(name, addGroup(*tree, groupTitle(name)));
        new QTreeWidgetItem(groups[name], {plainText(action), keysOf(*action)});
    }
    addGestures(*tree);
    tree->expandAll();
    tree->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 8, 8);
    layout->addWidget(tree);
    resize(460, 620);
}

} // namespace kappascope::ui
