// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <map>
#include <vector>

namespace kappascope {
struct RunStatus;
}

namespace kappascope::ui {

class RunEditor;
class Session;

/// All runs of the session, one a row, in the experiment's order. Sort by Qt::UserRole. GUI thread only.
class RunTableModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column {
        Visible,
        Name,
        State,
        Normalization,
        Preconditioner,
        Optimizer,
        Rate,
        Loss,
        TestLoss,
        Accuracy,
        TestAccuracy,
        BestLoss,
        Steps,
        Seconds,
        StepTime,
        Differences,
        ColumnCount
    };

    explicit RunTableModel(RunEditor& editor, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;

    int runAt(int row) const; ///< id
    int rowOf(int run) const; ///< -1 for an unknown id

    /// The experiment is another one.
    void reload();
    /// Newest numbers.
    void refresh();

private:
    struct Cell {
        QString text, tip;
        QVariant value; ///< to sort by, and for what copies the table
        bool operator==(const Cell&) const = default;
    };
    struct Row {
        int run = 0;
        QColor color;
        bool hidden = false, diverged = false;
        std::vector<Cell> cells;
    };

    Row makeRow(std::size_t position) const;
    void fillMethods(Row& row, std::size_t position) const;
    void fillNumbers(Row& row) const;
    double bestLoss(int run, const RunStatus* status) const;

    RunEditor& editor_;
    Session& session_;
    std::vector<Row> rows_;
};

} // namespace kappascope::ui
