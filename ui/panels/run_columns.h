// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/panels/run/column_arrangement.h"

#include <QScrollArea>
#include <QTimer>
#include <map>
#include <string>

class QToolButton;

namespace kappascope::ui {

class RunColumn;
class RunEditor;
class Session;
class ViewWorker;

/// The centre of the window: one column for each visible run, and a card that adds another. Columns get
/// narrower as runs are added, then wrap into two rows, then scroll. GUI thread only.
class RunColumns : public QScrollArea {
    Q_OBJECT
public:
    RunColumns(Session& session, ViewWorker& worker, QWidget* parent = nullptr);
    ~RunColumns() override;

    /// The column of a run; null when it is hidden or unknown.
    RunColumn* column(int run) const;
    RunEditor& editor() { return *editor_; }

    /// The height up to `most` that the columns can use at the present width: more would stay empty.
    int usableHeight(int most) const;

    QSize sizeHint() const override { return {720, 380}; }
    QSize minimumSizeHint() const override { return {160, 160}; }

signals:
    void arranged(); ///< columns came, went or changed their sizes

public slots:
    /// Opens the field for the selected run's name.
    void renameSelected();
    /// Opens the settings of a run (of the selected one: 0).
    void openSettings(int run = 0);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild(); ///< columns come, go and change places
    void refreshNumbers();
    void select(int run);
    void chooseView(const std::string& key);
    void arrange();
    void placeAddCard();
    std::vector<RunColumn*> shownColumns() const;
    ColumnArrangement planFor(QSize room) const;

    Session& session_;
    ViewWorker& worker_;
    RunEditor* editor_;
    QWidget* content_;
    QToolButton *add_, *showHidden_;
    QRect addPlace_;                    ///< of the card in the content, unscrolled
    std::map<int, RunColumn*> columns_; ///< by run id
    int lastRefreshed_ = 0;             ///< run id of the column that got its numbers last
    QTimer afterTicks_;                 ///< gives all columns what the last tick brought
    std::string viewKey_;               ///< chosen by the user; empty: what suits the data best
};

} // namespace kappascope::ui
