// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QAction;
class QLineEdit;
class QListWidget;

namespace kappascope::ui {

class ActionSet;

/// Finds any command by a few letters of its name; Return runs it, Escape closes. GUI thread.
class ActionSearch : public QFrame {
    Q_OBJECT
public:
    ActionSearch(const ActionSet& actions, QWidget* window);

    /// Opens over the upper middle of the window, empty.
    void open();

    QLineEdit* field() const { return field_; }
    QListWidget* list() const { return list_; }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void showMatches();
    void runCurrent();
    void move(int by);

    const ActionSet& actions_;
    QLineEdit* field_;
    QListWidget* list_;
};

/// How well `text` answers to `typed`: 0 for not at all; words that begin with what was typed count most,
/// then letters in a row, then letters in order.
int matchQuality(const QString& text, const QString& typed);

} // namespace kappascope::ui
