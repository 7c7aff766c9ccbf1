// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/action_set.h"

#include <QCoreApplication>
#include <QWidget>

namespace kappascope::ui {

ActionSet::ActionSet(QWidget* window) : QObject(window), window_(window) {}

QAction* ActionSet::add(const QString& id, const QString& text, const QList<QKeySequence>& keys,
                        const QString& help, std::function<void()> act) {
    auto* action = new QAction(text, this);
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, [act = std::move(act)] { act(); });
    return adopt(id, action, help);
}

QAction* ActionSet::addToggle(const QString& id, const QString& text, const QList<QKeySequence>& keys,
                              const QString& help, std::function<void(bool)> act) {
    auto* action = new QAction(text, this);
    action->setCheckable(true);
    action->setShortcuts(keys);
    connect(action, &QAction::triggered, this, std::move(act));
    return adopt(id, action, help);
}

QAction* ActionSet::adopt(const QString& id, QAction* action, const QString& help) {
    Q_ASSERT(!byId_.contains(id));
    action->setObjectName(id);
    action->setStatusTip(help);
    action->setToolTip(help);
    // The window holds them all, so that keys work with the menu bar hidden.
    window_->addAction(action);
    all_.append(action);
    byId_.insert(id, action);
    return action;
}

QString ActionSet::groupOf(const QAction* action) {
    return action->objectName().section(QLatin1Char('.'), 0, 0);
}

QString groupTitle(const QString& group) {
    static const QHash<QString, QString> titles{
        {QStringLiteral("file"), QCoreApplication::translate("Menus", "File")},
        {QStringLiteral("export"), QCoreApplication::translate("Menus", "Export")},
        {QStringLiteral("edit"), QCoreApplication::translate("Menus", "Edit")},
        {QStringLiteral("run"), QCoreApplication::translate("Menus", "Run")},
        {QStringLiteral("view"), QCoreApplication::translate("Menus", "View")},
        {QStringLiteral("runs"), QCoreApplication::translate("Menus", "Runs")},
        {QStringLiteral("preset"), QCoreApplication::translate("Menus", "Experiment")},
        {QStringLiteral("learn"), QCoreApplication::translate("Menus", "Learn")},
        {QStringLiteral("help"), QCoreApplication::translate("Menus", "Help")}};
    return titles.value(group, group);
}

QString plainText(const QAction* action) {
    QString text = action->text();
    text.remove(QLatin1Char('&'));
    if (text.endsWith(QChar(0x2026))) text.chop(1); // ellipsis
    return text.trimmed();
}

QString tipWithKey(const QAction* action) {
    const QString text = plainText(action);
    if (action->shortcut().isEmpty()) return text;
    return QStringLiteral("%1 (%2)").arg(text, action->shortcut().toString(QKeySequence::NativeText));
}

} // namespace kappascope::ui
