// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <functional>

namespace kappascope::ui {

/// All commands of the window, each one once, with its key: menus, the list of shortcuts and the action
/// search are made from it. GUI thread.
class ActionSet : public QObject {
    Q_OBJECT
public:
    /// Actions act while `window` or one of its floating panels is active.
    explicit ActionSet(QWidget* window);

    /// A command called `id` ("run.play") under the heading of its menu. `help` is one sentence.
    QAction* add(const QString& id, const QString& text, const QList<QKeySequence>& keys, const QString& help,
                 std::function<void()> act);
    /// One that is on or off.
    QAction* addToggle(const QString& id, const QString& text, const QList<QKeySequence>& keys,
                       const QString& help, std::function<void(bool)> act);
    /// One that was made elsewhere (undo, dock toggles).
    QAction* adopt(const QString& id, QAction* action, const QString& help);

    /// Null for an unknown id.
    QAction* find(const QString& id) const { return byId_.value(id); }
    const QList<QAction*>& all() const { return all_; }
    /// "run" of "run.play": which menu it belongs to.
    static QString groupOf(const QAction* action);

private:
    QWidget* window_;
    QList<QAction*> all_;
    QHash<QString, QAction*> byId_;
};

/// The menu heading of a group: "Run" for "run".
QString groupTitle(const QString& group);
/// An action's text without mnemonics and dots.
QString plainText(const QAction* action);
/// "Play or pause (Space)": for tool tips.
QString tipWithKey(const QAction* action);

} // namespace kappascope::ui
