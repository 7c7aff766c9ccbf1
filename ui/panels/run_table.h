// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QTableView>

class QSortFilterProxyModel;

namespace kappascope::ui {

class RunEditor;
class RunTableModel;
class Session;

/// All runs with their settings and numbers, and what makes each differ from the first. Sortable; Ctrl+C
/// copies the selected rows as tab-separated text. GUI thread only.
class RunTable : public QTableView {
    Q_OBJECT
public:
    explicit RunTable(Session& session, QWidget* parent = nullptr);

    /// The selected rows (all when none is selected) with a line of headings, tab-separated.
    QString selectedText() const;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;

public slots:
    void copy();

signals:
    void settingsWanted(int run);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void reload();
    void refresh();
    void restyle();
    void showSelected(int run);
    void selectCurrent();
    void toggleVisible(const QModelIndex& index);
    int runAt(const QModelIndex& index) const;

    Session& session_;
    RunEditor* editor_;
    RunTableModel* model_;
    QSortFilterProxyModel* sorted_;
    QElapsedTimer sinceRefresh_;
    bool following_ = false; ///< the selection is being set from the session
};

} // namespace kappascope::ui
