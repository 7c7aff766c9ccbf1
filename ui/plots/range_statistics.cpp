// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/range_statistics.h"

#include "ui/plots/cursor_table.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>
#include <limits>

namespace kappascope::ui {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr int finest = 1 << 24;

void addBlock(RangeStatistics& statistics, const Series::Block& block, double& sum) {
    statistics.notFinite += block.notFinite;
    if (block.count == 0) return;
    if (statistics.count == 0) statistics.first = block.front;
    statistics.last = block.back;
    if (!(statistics.minimum <= block.minimum)) {
        statistics.minimum = block.minimum;
        statistics.minimumStep = block.first;
    }
    if (!(statistics.maximum >= block.maximum)) {
        statistics.maximum = block.maximum;
        statistics.maximumStep = block.first;
    }
    statistics.count += block.count;
    sum += block.mean * block.count;
}

RangeStatistics statisticsOf(const PlotRun& run, const SeriesSpec& series, int layer, std::int64_t from,
                             std::int64_t to, bool logY) {
    RangeStatistics statistics{};
    statistics.run = run.name;
    statistics.series = series.label;
    statistics.first = statistics.last = statistics.mean = statistics.minimum = statistics.maximum =
        statistics.slope = nan;
    if (!run.history) return statistics;
    std::vector<Series::Block> blocks;
    run.history->query({series.metric, layer}, from, to, finest, blocks);
    std::erase_if(blocks, [&](const Series::Block& block) { return block.last < from || block.first > to; });
    double sum = 0;
    std::int64_t firstStep = -1, lastStep = -1;
    for (const Series::Block& block : blocks) {
        addBlock(statistics, block, sum);
        if (block.count == 0) continue;
        if (firstStep < 0) firstStep = block.first;
        lastStep = block.last;
    }
    if (statistics.count > 0) statistics.mean = sum / double(statistics.count);
    statistics.slope = slopePerDecade(firstStep, statistics.first, lastStep, statistics.last, logY);
    return statistics;
}

QTableWidget* makeTable(const std::vector<RangeStatistics>& all, bool logY, QWidget* parent) {
    const QStringList heads{QDialog::tr("run"),
                            QDialog::tr("values"),
                            QDialog::tr("not finite"),
                            QDialog::tr("first"),
                            QDialog::tr("last"),
                            QDialog::tr("mean"),
                            QDialog::tr("minimum"),
                            QDialog::tr("at step"),
                            QDialog::tr("maximum"),
                            QDialog::tr("at step"),
                            logY ? QDialog::tr("\u0394 log\u2081\u2080 / decade")
                                 : QDialog::tr("\u0394 / decade")};
    auto* table = new QTableWidget(int(all.size()), int(heads.size()), parent);
    table->setHorizontalHeaderLabels(heads);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    for (int row = 0; row < int(all.size()); ++row) {
        const RangeStatistics& one = all[std::size_t(row)];
        const auto step = [](std::int64_t s) { return s < 0 ? QStringLiteral("\u2014") : formatCount(s); };
        const QStringList cells{one.series.isEmpty() ? one.run : one.run + u' ' + one.series,
                                formatCount(one.count),
                                formatCount(one.notFinite),
                                formatNumber(one.first),
                                formatNumber(one.last),
                                formatNumber(one.mean),
                                formatNumber(one.minimum),
                                step(one.minimumStep),
                                formatNumber(one.maximum),
                                step(one.maximumStep),
                                formatNumber(one.slope)};
        for (int column = 0; column < int(cells.size()); ++column) {
            auto* item = new QTableWidgetItem(cells[column]);
            if (column > 0) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column > 0) item->setFont(Theme::instance().numbers());
            table->setItem(row, column, item);
        }
    }
    table->resizeColumnsToContents();
    return table;
}

QString asText(const QTableWidget& table) {
    QStringList lines, cells;
    for (int column = 0; column < table.columnCount(); ++column)
        cells << table.horizontalHeaderItem(column)->text();
    lines << cells.join(u'\t');
    for (int row = 0; row < table.rowCount(); ++row) {
        cells.clear();
        for (int column = 0; column < table.columnCount(); ++column)
            cells << table.item(row, column)->text();
        lines << cells.join(u'\t');
    }
    return lines.join(u'\n');
}

} // namespace

std::vector<RangeStatistics> statisticsOf(const PlotScene& scene, const PlotSpec& spec, int layer,
                                          std::int64_t from, std::int64_t to, bool logY) {
    std::vector<RangeStatistics> all;
    for (const PlotRun& run : scene.runs)
        for (const SeriesSpec& series : spec.series)
            if (!run.hidden) all.push_back(statisticsOf(run, series, layer, from, to, logY));
    return all;
}

QDialog* showStatistics(QWidget* parent, const QString& title, const std::vector<RangeStatistics>& statistics,
                        bool logY) {
    auto* window = new QDialog(parent);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->setWindowTitle(title);
    QTableWidget* table = makeTable(statistics, logY, window);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, window);
    QPushButton* copy = buttons->addButton(QDialog::tr("Copy"), QDialogButtonBox::ActionRole);
    QObject::connect(copy, &QPushButton::clicked, table,
                     [table] { QGuiApplication::clipboard()->setText(asText(*table)); });
    QObject::connect(buttons, &QDialogButtonBox::rejected, window, &QDialog::close);
    auto* column = new QVBoxLayout(window);
    column->addWidget(table);
    column->addWidget(buttons);
    window->resize(860, 120 + 30 * int(std::min<std::size_t>(statistics.size(), 10)));
    window->show();
    return window;
}

} // namespace kappascope::ui
