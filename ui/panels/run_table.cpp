// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_table.h"

#include "ui/panels/run/run_editor.h"
#include "ui/panels/run/run_menu.h"
#include "ui/panels/run/run_table_model.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>
#include <QScopedValueRollback>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr int widestColumn = 200;    ///< px at first
constexpr qint64 refreshEvery = 250; ///< ms: a table that changes faster cannot be read

/// For spreadsheets: numbers with all their digits, nothing where there is no number.
QString rawText(const QVariant& value) {
    if (value.typeId() != QMetaType::Double) return value.toString();
    return std::isfinite(value.toDouble()) ? QString::number(value.toDouble(), 'g', 17) : QString();
}

} // namespace

RunTable::RunTable(Session& session, QWidget* parent)
    : QTableView(parent), session_(session), editor_(new RunEditor(session, this)),
      model_(new RunTableModel(*editor_, this)), sorted_(new QSortFilterProxyModel(this)) {
    setObjectName("run-table");
    setAccessibleName(tr("Runs"));
    sorted_->setSourceModel(model_);
    sorted_->setSortRole(Qt::UserRole);
    setModel(sorted_);
    setSortingEnabled(true);
    sorted_->sort(-1); // the experiment's order until a heading is clicked
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    horizontalHeader()->setSortIndicatorClearable(true);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setHighlightSections(false);
    // What makes the comparison fair or not stands where it is seen, the numbers beside it; the methods, of
    // which it tells already, come last.
    horizontalHeader()->moveSection(RunTableModel::Differences, RunTableModel::State + 1);
    for (const int method :
         {RunTableModel::Normalization, RunTableModel::Preconditioner, RunTableModel::Optimizer})
        horizontalHeader()->moveSection(horizontalHeader()->visualIndex(method),
                                        RunTableModel::ColumnCount - 1);
    verticalHeader()->hide();
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::ExtendedSelection);
    setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    setShowGrid(false);
    setWordWrap(false);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);

    connect(&session, &Session::experimentChanged, this, &RunTable::reload);
    connect(&session, &Session::ticked, this, &RunTable::refresh);
    connect(&session, &Session::selectedRunChanged, this, &RunTable::showSelected);
    connect(&Theme::instance(), &Theme::changed, this, &RunTable::restyle);
    connect(this, &QTableView::clicked, this, &RunTable::toggleVisible);
    connect(selectionModel(), &QItemSelectionModel::currentRowChanged, this, &RunTable::selectCurrent);
    restyle();
}

int RunTable::runAt(const QModelIndex& index) const {
    return index.isValid() ? model_->runAt(sorted_->mapToSource(index).row()) : 0;
}

void RunTable::reload() {
    const QScopedValueRollback following(following_, true);
    model_->reload();
    showSelected(session_.selectedRun());
}

void RunTable::refresh() {
    if (!isVisible() || (sinceRefresh_.isValid() && sinceRefresh_.elapsed() < refreshEvery)) return;
    sinceRefresh_.start();
    model_->refresh();
}

void RunTable::restyle() {
    const QFontMetrics metrics(Theme::instance().runName());
    verticalHeader()->setDefaultSectionSize(metrics.height() + 8);
    horizontalHeader()->setMinimumSectionSize(28);
    reload();
    resizeColumnsToContents();
    for (int column = 0; column < RunTableModel::ColumnCount; ++column)
        setColumnWidth(column, std::min(columnWidth(column), widestColumn));
    setColumnWidth(RunTableModel::Visible, 28);
    // Numbers that grow shall not move what stands beside them.
    for (int column = RunTableModel::Rate; column <= RunTableModel::StepTime; ++column)
        setColumnWidth(column,
                       std::max(columnWidth(column), metrics.horizontalAdvance(QStringLiteral("1,234,567"))));
}

void RunTable::showSelected(int run) {
    const QScopedValueRollback following(following_, true);
    const int row = model_->rowOf(run);
    if (row < 0) return;
    const QModelIndex index = sorted_->mapFromSource(model_->index(row, RunTableModel::Name));
    if (index.row() != currentIndex().row() || !selectionModel()->isRowSelected(index.row()))
        selectionModel()->setCurrentIndex(index,
                                          QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

/// Sideways only for the user's own keys: a selection made elsewhere moves rows.
void RunTable::scrollTo(const QModelIndex& index, ScrollHint hint) {
    const int sideways = horizontalScrollBar()->value();
    QTableView::scrollTo(index, hint);
    if (!hasFocus()) horizontalScrollBar()->setValue(sideways);
}

void RunTable::selectCurrent() {
    if (!following_ && currentIndex().isValid()) session_.selectRun(runAt(currentIndex()));
}

void RunTable::toggleVisible(const QModelIndex& index) {
    if (index.column() != RunTableModel::Visible) return;
    const int run = runAt(index);
    if (const RunSpec* spec = session_.run(run)) editor_->setHidden(run, !spec->hidden);
}

void RunTable::contextMenuEvent(QContextMenuEvent* event) {
    const QModelIndex index = indexAt(event->pos());
    const int run = runAt(index);
    if (run == 0) return;
    auto* menu = new QMenu(this);
    menu->setObjectName("run-table-menu");
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QPersistentModelIndex name = index.siblingAtColumn(RunTableModel::Name);
    fillRunMenu(*menu, *editor_, run,
                {[this, name] { edit(name); }, [this, run] { emit settingsWanted(run); }});
    menu->addSeparator();
    connect(menu->addAction(tr("Copy rows")), &QAction::triggered, this, &RunTable::copy);
    menu->popup(event->globalPos());
}

void RunTable::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Copy))
        copy();
    else if (event->key() == Qt::Key_Delete && session_.experiment().runs.size() > 1)
        session_.removeRun(runAt(currentIndex()));
    else
        QTableView::keyPressEvent(event);
}

void RunTable::showEvent(QShowEvent* event) {
    sinceRefresh_.invalidate();
    refresh();
    QTableView::showEvent(event);
}

QString RunTable::selectedText() const {
    QStringList lines, cells;
    for (int column = RunTableModel::Name; column < RunTableModel::ColumnCount; ++column)
        cells << sorted_->headerData(column, Qt::Horizontal).toString();
    lines << cells.join('\t');
    const bool any = selectionModel()->hasSelection();
    for (int row = 0; row < sorted_->rowCount(); ++row) {
        if (any && !selectionModel()->isRowSelected(row)) continue;
        cells.clear();
        for (int column = RunTableModel::Name; column < RunTableModel::ColumnCount; ++column)
            cells << rawText(sorted_->index(row, column).data(Qt::UserRole));
        lines << cells.join('\t');
    }
    return lines.join('\n') + '\n';
}

void RunTable::copy() {
    QApplication::clipboard()->setText(selectedText());
}

} // namespace kappascope::ui
