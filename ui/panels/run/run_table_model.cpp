// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_table_model.h"

#include "ui/evaluated_value.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_banner.h"
#include "ui/panels/run/run_differences.h"
#include "ui/panels/run/run_editor.h"
#include "ui/panels/run/run_readouts.h"
#include "ui/session.h"
#include "ui/theme/theme.h"

#include <array>
#include <cmath>

namespace kappascope::ui {

namespace {

struct Heading {
    const char* text;
    const char* help;
    const char* metric = ""; ///< key in the probe catalog whose definition is the help
};

const std::array<Heading, RunTableModel::ColumnCount> headings{{
    {"", QT_TRANSLATE_NOOP("RunTable", "Drawn in columns and plots; hidden runs train all the same")},
    {QT_TRANSLATE_NOOP("RunTable", "Run"), QT_TRANSLATE_NOOP("RunTable", "Double-click or F2 renames")},
    {QT_TRANSLATE_NOOP("RunTable", "State"), ""},
    {QT_TRANSLATE_NOOP("RunTable", "Normalization"), ""},
    {QT_TRANSLATE_NOOP("RunTable", "Preconditioner"), ""},
    {QT_TRANSLATE_NOOP("RunTable", "Optimizer"), ""},
    {QT_TRANSLATE_NOOP("RunTable", "Rate"),
     QT_TRANSLATE_NOOP("RunTable", "Learning rate, before the schedule")},
    {QT_TRANSLATE_NOOP("RunTable", "Loss"), "", "train_loss_full"},
    {QT_TRANSLATE_NOOP("RunTable", "Test loss"), "", "test_loss"},
    {QT_TRANSLATE_NOOP("RunTable", "Accuracy"), "", "train_accuracy"},
    {QT_TRANSLATE_NOOP("RunTable", "Test acc."), "", "test_accuracy"},
    {QT_TRANSLATE_NOOP("RunTable", "Best loss"),
     QT_TRANSLATE_NOOP("RunTable", "Smallest loss over the whole training set measured so far")},
    {QT_TRANSLATE_NOOP("RunTable", "Steps"), QT_TRANSLATE_NOOP("RunTable", "Mini-batches trained on")},
    {QT_TRANSLATE_NOOP("RunTable", "Seconds"), QT_TRANSLATE_NOOP("RunTable", "Of computing, this run alone")},
    {QT_TRANSLATE_NOOP("RunTable", "µs/step"),
     QT_TRANSLATE_NOOP("RunTable", "Mean time of computing a step, measuring included")},
    {QT_TRANSLATE_NOOP("RunTable", "Differs in"),
     QT_TRANSLATE_NOOP("RunTable", "What this run does otherwise than the first one: the fairness check")},
}};

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool isNumber(int column) {
    return column >= RunTableModel::Rate && column <= RunTableModel::StepTime;
}

QString translated(const char* text) {
    return QCoreApplication::translate("RunTable", text);
}

/// The same whether its row is selected or not: the selection is a tint.
QIcon plainIcon(const QString& name) {
    constexpr int size = 16; // px
    const QPixmap pixmap = Theme::instance().icon(name).pixmap(size);
    QIcon icon;
    for (const QIcon::Mode mode : {QIcon::Normal, QIcon::Selected})
        icon.addPixmap(pixmap, mode);
    return icon;
}

/// NaN sorts last, whatever the direction was meant to be: it is no small number.
QVariant sortValue(double value) {
    return std::isnan(value) ? std::numeric_limits<double>::infinity() : value;
}

} // namespace

RunTableModel::RunTableModel(RunEditor& editor, QObject* parent)
    : QAbstractTableModel(parent), editor_(editor), session_(editor.session()) {
    reload();
}

int RunTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

int RunTableModel::runAt(int row) const {
    return row >= 0 && row < rowCount() ? rows_[static_cast<std::size_t>(row)].run : 0;
}

int RunTableModel::rowOf(int run) const {
    for (std::size_t k = 0; k < rows_.size(); ++k)
        if (rows_[k].run == run) return static_cast<int>(k);
    return -1;
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid()) return {};
    const Row& row = rows_[static_cast<std::size_t>(index.row())];
    const Cell& cell = row.cells[static_cast<std::size_t>(index.column())];
    const Theme& theme = Theme::instance();
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
        return cell.text;
    case Qt::UserRole:
        return cell.value;
    case Qt::ToolTipRole:
        if (!cell.tip.isEmpty()) return cell.tip;
        return isNumber(index.column()) ? headerData(index.column(), Qt::Horizontal, role) : cell.text;
    case Qt::DecorationRole:
        return index.column() == Visible ? QVariant(plainIcon(row.hidden ? "eye-off" : "eye")) : QVariant();
    case Qt::ForegroundRole:
        if (index.column() == Name) return row.color;
        if (index.column() == State && row.diverged) return theme.palette().warning;
        return {};
    case Qt::FontRole:
        return index.column() == Name ? theme.runName() : theme.numbers();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::Alignment((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case Qt::AccessibleTextRole:
        return index.column() == Visible ? QVariant(row.hidden ? tr("hidden") : tr("visible")) : QVariant();
    default:
        return {};
    }
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount) return {};
    const Heading& heading = headings[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return translated(heading.text);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(
            Qt::Alignment((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    if (role == Qt::ToolTipRole) {
        if (*heading.metric) return definitionOf(heading.metric);
        return *heading.help ? translated(heading.help) : QString();
    }
    return {};
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemIsEnabled;
    if (index.column() == Name) flags |= Qt::ItemIsEditable;
    return flags;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || index.column() != Name) return false;
    return editor_.rename(runAt(index.row()), value.toString());
}

void RunTableModel::reload() {
    beginResetModel();
    rows_.clear();
    for (std::size_t k = 0; k < session_.experiment().runs.size(); ++k)
        rows_.push_back(makeRow(k));
    endResetModel();
}

void RunTableModel::refresh() {
    for (std::size_t k = 0; k < rows_.size() && k < session_.experiment().runs.size(); ++k) {
        Row fresh = makeRow(k);
        if (fresh.cells == rows_[k].cells) continue;
        rows_[k] = std::move(fresh);
        emit dataChanged(index(static_cast<int>(k), 0), index(static_cast<int>(k), ColumnCount - 1));
    }
}

RunTableModel::Row RunTableModel::makeRow(std::size_t position) const {
    const RunSpec& run = session_.experiment().runs[position];
    Row row;
    row.run = run.id;
    row.hidden = run.hidden;
    row.color = Theme::instance().runColor(run.color, static_cast<int>(position));
    row.cells.resize(ColumnCount);
    row.cells[Visible] = {
        {}, run.hidden ? tr("Hidden: click shows it") : tr("Visible: click hides it"), run.hidden};
    const QString name = QString::fromStdString(run.name);
    row.cells[Name] = {name, {}, name};
    fillMethods(row, position);
    fillNumbers(row);
    return row;
}

void RunTableModel::fillMethods(Row& row, std::size_t position) const {
    const Experiment& experiment = session_.experiment();
    const RunSpec& run = experiment.runs[position];
    const auto set = [&row](Column column, const QString& text) {
        row.cells[static_cast<std::size_t>(column)] = {text, {}, text};
    };
    set(Normalization, normalizationFamily().labelOf(run.normalization));
    set(Preconditioner, preconditionerFamily().labelOf(run.preconditioner));
    set(Optimizer, optimizerFamily().labelOf(run.optimizer));
    const double rate = experiment.learningRateOf(run);
    row.cells[Rate] = {rateText(rate),
                       run.learningRate ? tr("of this run") : tr("the experiment's base rate"), rate};
    if (position == 0) return set(Differences, tr("(the first run)"));
    const QStringList differences = runDifferences(experiment, experiment.runs.front(), run);
    set(Differences, differences.isEmpty() ? tr("nothing") : differences.join(QStringLiteral(", ")));
}

void RunTableModel::fillNumbers(Row& row) const {
    const auto set = [&row](Column column, double value, const QString& text) {
        row.cells[static_cast<std::size_t>(column)] = {text, {}, sortValue(value)};
    };
    const std::shared_ptr<History> history = session_.history(row.run);
    const RunStatus* status = session_.runStatus(row.run);
    const auto setNewest = [&](Column column, const char* metric, auto format) {
        const NewestValue newest = newestValue(history.get(), status, metric);
        set(column, newest.value, format(newest.value));
        if (newest.step >= 0)
            row.cells[static_cast<std::size_t>(column)].tip =
                definitionOf(metric) + tr("\nof step %1").arg(formatCount(newest.step));
    };
    const auto asNumber = [](double value) { return formatNumber(value); };
    const auto asShare = [](double value) { return formatShare(value); };
    setNewest(Loss, "train_loss_full", asNumber);
    setNewest(TestLoss, "test_loss", asNumber);
    setNewest(Accuracy, "train_accuracy", asShare);
    setNewest(TestAccuracy, "test_accuracy", asShare);
    const double best = bestLoss(row.run, status);
    set(BestLoss, best, formatNumber(best));
    if (!status) return;
    row.diverged = status->state == RunState::Diverged;
    const bool rests = status->state == RunState::Training && !session_.status().playing;
    const QString state = rests ? tr("paused") : stateHeadline(*status);
    row.cells[State] = {state, rests ? QString() : stateText(*status), state};
    set(Steps, static_cast<double>(status->step), formatCount(status->step));
    set(Seconds, status->seconds, QString::number(status->seconds, 'f', 2));
    const double time = status->step > 0 ? 1e6 * status->seconds / static_cast<double>(status->step) : nan;
    set(StepTime, time, formatNumber(time));
}

double RunTableModel::bestLoss(int run, const RunStatus* status) const {
    const std::shared_ptr<History> history = session_.history(run);
    const SeriesKey key{"train_loss_full"};
    double best = evaluatedValue(status, key.metric).value_or(nan);
    if (!history || history->size(key) == 0) return best;
    std::vector<Series::Block> blocks;
    history->query(key, 0, history->lastStep(key), 1, blocks);
    for (const Series::Block& block : blocks)
        if (block.count > 0 && !(best <= block.minimum)) best = block.minimum;
    return best;
}

} // namespace kappascope::ui
