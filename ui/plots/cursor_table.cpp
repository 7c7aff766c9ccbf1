// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cursor_table.h"

#include "ui/widgets/number_label.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

namespace kappascope::ui {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double padding = 6, columnGap = 10, markerRoom = 12, markerSize = 7;

QString tr(const char* text) {
    return QCoreApplication::translate("CursorTable", text);
}

struct Cell {
    QString text;
    double value = nan;
};

/// The value at `step`; "≈" where only the mean of a stretch is kept, a word where there is no number.
Cell valueAt(const PlotRun& run, const SeriesSpec& series, int layer, std::int64_t step) {
    if (!run.history) return {QStringLiteral("\u2014")};
    const SeriesKey key{series.metric, layer};
    if (run.history->size(key) == 0) return {QStringLiteral("\u2014")};
    const Series::Block block = run.history->at(key, step);
    if (block.count == 0) return {block.notFinite ? tr("not finite") : QStringLiteral("\u2014")};
    const QString text = formatNumber(block.mean);
    return {block.count > 1 ? QStringLiteral("\u2248") + text : text, block.mean};
}

CursorTable::Row rowOf(const PlotRun& run) {
    CursorTable::Row row;
    row.run = run.id;
    row.position = run.position;
    row.name = run.name;
    row.color = run.color;
    return row;
}

} // namespace

double slopePerDecade(std::int64_t a, double valueA, std::int64_t b, double valueB, bool logY) {
    const double decades = std::log10(double(b + 1)) - std::log10(double(a + 1));
    if (decades == 0) return nan;
    if (!logY) return (valueB - valueA) / decades;
    if (!(valueA > 0 && valueB > 0)) return nan;
    return (std::log10(valueB) - std::log10(valueA)) / decades;
}

QString positionText(const PlotScene& scene, std::int64_t step) {
    const QString text = tr("step %1").arg(formatCount(step));
    const double x = scene.scale.x(double(step));
    switch (scene.unit) {
    case PlotViewState::XUnit::Epoch:
        return text + tr(" · epoch %1").arg(x, 0, 'f', 2);
    case PlotViewState::XUnit::Examples:
        return text + tr(" · %1 examples").arg(formatCount(qint64(x)));
    case PlotViewState::XUnit::Seconds:
        return text + tr(" · %1 s").arg(formatNumber(x));
    case PlotViewState::XUnit::Step:
        break;
    }
    return text;
}

CursorTable CursorTable::at(const PlotScene& scene, const PlotSpec& spec, int layer, std::int64_t step) {
    CursorTable table;
    table.head_ = positionText(scene, step);
    for (const SeriesSpec& series : spec.series)
        table.columns_ << series.label;
    for (const PlotRun& run : scene.runs) {
        if (run.hidden) continue;
        Row row = rowOf(run);
        for (const SeriesSpec& series : spec.series) {
            const Cell cell = valueAt(run, series, layer, step);
            row.cells << cell.text;
            row.values.push_back(cell.value);
        }
        table.rows_.push_back(std::move(row));
    }
    table.sortRows();
    return table;
}

CursorTable CursorTable::between(const PlotScene& scene, const PlotSpec& spec, int layer, std::int64_t a,
                                 std::int64_t b, bool logY) {
    if (a > b) std::swap(a, b);
    CursorTable table;
    table.head_ = tr("A %1 \u2192 B %2").arg(positionText(scene, a), positionText(scene, b));
    table.columns_ = {tr("A"), tr("B"), tr("B \u2212 A"),
                      logY ? tr("\u0394 log\u2081\u2080 / decade") : tr("\u0394 / decade")};
    for (const PlotRun& run : scene.runs) {
        if (run.hidden) continue;
        for (const SeriesSpec& series : spec.series) {
            const Cell atA = valueAt(run, series, layer, a), atB = valueAt(run, series, layer, b);
            Row row = rowOf(run);
            if (!series.label.isEmpty()) row.name += u' ' + series.label;
            row.cells << atA.text << atB.text << formatNumber(atB.value - atA.value)
                      << formatNumber(slopePerDecade(a, atA.value, b, atB.value, logY));
            row.values = {atA.value, atB.value};
            table.rows_.push_back(std::move(row));
        }
    }
    table.sortRows();
    return table;
}

void CursorTable::sortRows() {
    std::ranges::stable_sort(rows_, [](const Row& a, const Row& b) {
        const double x = a.values.empty() ? nan : a.values[0], y = b.values.empty() ? nan : b.values[0];
        if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
        return x > y;
    });
}

bool CursorTable::isHeaded() const {
    return !compact_ && !columns_.join(QString()).isEmpty();
}

std::size_t CursorTable::rowsShown(const QFont& font) const {
    const double lines =
        (room_ - 2 * padding) / QFontMetricsF(font).height() - (compact_ ? 0 : 1) - isHeaded();
    if (double(rows_.size()) <= lines) return rows_.size();
    return std::size_t(std::max(1.0, std::floor(lines - 1))); // one line says how many more
}

std::vector<double> CursorTable::columnWidths(const QFont& font) const {
    const QFontMetricsF metrics(font);
    std::vector<double> widths(std::size_t(columns_.size()) + 1, 0);
    for (const Row& row : rows_) {
        if (!compact_) widths[0] = std::max(widths[0], metrics.horizontalAdvance(row.name));
        for (qsizetype i = 0; i < row.cells.size(); ++i) {
            double& width = widths[std::size_t(i) + 1];
            width = std::max(width, tabularWidth(font, row.cells[i]));
            if (isHeaded()) width = std::max(width, metrics.horizontalAdvance(columns_[i]));
        }
    }
    return widths;
}

QSizeF CursorTable::size(const QFont& font) const {
    double width = markerRoom;
    for (const double column : columnWidths(font))
        width += column + columnGap;
    width -= compact_ ? 2 * columnGap : columnGap;
    if (!compact_) width = std::max(width, tabularWidth(font, head_));
    const std::size_t shown = rowsShown(font);
    const double lines = double(shown) + (shown < rows_.size()) + (compact_ ? 0 : 1) + isHeaded();
    return {std::ceil(width + 2 * padding), std::ceil(lines * QFontMetricsF(font).height() + 2 * padding)};
}

void CursorTable::paint(QPainter& painter, const QPointF& topLeft, const Palette& palette) const {
    const QFont font = painter.font();
    const double line = QFontMetricsF(font).height();
    const std::vector<double> widths = columnWidths(font);
    const QRectF box(topLeft, size(font));
    QColor back = palette.panel;
    back.setAlphaF(0.93F);
    painter.setPen(QPen(palette.line, 1));
    painter.setBrush(back);
    painter.drawRoundedRect(box, 5, 5);
    const double left = box.left() + padding;
    double y = box.top() + padding;
    const auto drawCells = [&](const QStringList& cells) {
        double x = left + markerRoom + (compact_ ? -columnGap : widths[0]);
        for (qsizetype i = 0; i < cells.size(); ++i) {
            const double width = widths[std::size_t(i) + 1] + 1;
            x += columnGap + width - 1;
            drawTabular(painter, {x - width, y, width, line}, Qt::AlignRight | Qt::AlignVCenter, cells[i]);
        }
        y += line;
    };
    painter.setPen(palette.quiet);
    if (!compact_) {
        drawTabular(painter, {left, y, box.width(), line}, Qt::AlignLeft | Qt::AlignVCenter, head_);
        y += line;
    }
    if (isHeaded()) drawCells(columns_);
    const std::size_t shown = rowsShown(font);
    for (std::size_t i = 0; i < shown; ++i) {
        const Row& row = rows_[i];
        painter.setPen(Qt::NoPen);
        painter.setBrush(Theme::instance().runColor(row.color, row.position, palette.dark));
        drawMarker(painter, Theme::instance().runMarker(row.position), {left + markerSize / 2, y + line / 2},
                   markerSize);
        painter.setPen(palette.text);
        if (!compact_)
            painter.drawText(QRectF(left + markerRoom, y, widths[0] + 1, line),
                             Qt::AlignLeft | Qt::AlignVCenter, row.name);
        drawCells(row.cells);
    }
    if (shown == rows_.size()) return;
    painter.setPen(palette.quiet);
    painter.drawText(QRectF(left, y, box.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
                     tr("%1 more").arg(rows_.size() - shown));
}

} // namespace kappascope::ui
