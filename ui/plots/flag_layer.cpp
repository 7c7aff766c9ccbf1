// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/flag_layer.h"

#include "ui/plots/axis_map.h"

namespace kappascope::ui {

namespace {
constexpr double gap = 4; ///< between line and label, and between labels
constexpr double widestLabel = 120;
constexpr int rows = 3;
constexpr std::size_t few = 6;   ///< flags that may take all rows; more of them share the first one
constexpr std::size_t many = 16; ///< flags of which only the tops are drawn: the curves come first
constexpr double topOfMany = 8;  ///< pixels
constexpr double reach = 4;      ///< pixels within which the mouse is on a flag
} // namespace

QString shortFlagText(const QString& text) {
    QStringList changes = text.split(QStringLiteral(", "));
    QString first = changes.front();
    if (const auto colon = first.indexOf(QStringLiteral(": ")); colon >= 0) first = first.mid(colon + 2);
    first.replace(QStringLiteral("Batch normalization preconditioning"), QStringLiteral("BNP"),
                  Qt::CaseInsensitive);
    first.replace(QStringLiteral("Batch normalization"), QStringLiteral("BN"), Qt::CaseInsensitive);
    first.replace(QStringLiteral("Learning rate"), QStringLiteral("rate"), Qt::CaseInsensitive);
    return changes.size() == 1 ? first : QStringLiteral("%1 +%2").arg(first).arg(changes.size() - 1);
}

std::vector<FlagLabel> placeFlags(const std::vector<double>& lines, const std::vector<double>& widths,
                                  double frameLeft, double frameRight, int rowCount) {
    std::vector<FlagLabel> labels(lines.size());
    std::vector<double> taken(std::size_t(rowCount), frameLeft - gap); // right end of what each row holds
    for (std::size_t i = 0; i < lines.size(); ++i) {
        double left = lines[i] + gap;
        if (left + widths[i] > frameRight) left = lines[i] - gap - widths[i];
        for (int row = 0; row < rowCount && labels[i].row < 0; ++row)
            if (left >= taken[std::size_t(row)] + gap) labels[i] = {row, left};
        if (labels[i].row >= 0) taken[std::size_t(labels[i].row)] = left + widths[i];
    }
    return labels;
}

FlagLayer::FlagLayer(QCustomPlot* plot, const QString& layer) : QCPLayerable(plot, layer) {}

void FlagLayer::dress(const Palette& palette, const QFont& font) {
    palette_ = &palette;
    font_ = font;
}

void FlagLayer::applyDefaultAntialiasingHint(QCPPainter* painter) const {
    painter->setAntialiasing(false);
}

QRect FlagLayer::clipRect() const {
    return mParentPlot->axisRect()->rect();
}

void FlagLayer::draw(QCPPainter* painter) {
    const QRectF frame = clipRect();
    const AxisMap map(*mParentPlot->xAxis);
    const QFontMetricsF metrics(font_, mParentPlot);
    std::vector<double> lines, widths;
    QStringList texts;
    for (const Flag& flag : flags_) {
        const double x = map.pixelOf(flag.x);
        if (!(x >= frame.left() && x <= frame.right())) continue;
        texts << metrics.elidedText(shortFlagText(flag.text), Qt::ElideRight, widestLabel);
        lines.push_back(x);
        widths.push_back(metrics.horizontalAdvance(texts.back()));
    }
    const auto labels = placeFlags(lines, widths, frame.left(), frame.right(), lines.size() > few ? 1 : rows);
    const double bottom = lines.size() > many ? frame.top() + topOfMany : frame.bottom();
    QPen pen(palette_->quiet, 1);
    pen.setDashPattern({2, 3});
    painter->setFont(font_);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const double x = std::floor(lines[i]);
        painter->setPen(pen);
        painter->drawLine(QPointF(x, frame.top()), QPointF(x, bottom));
        if (labels[i].row < 0) continue;
        const QRectF box(labels[i].left, frame.top() + labels[i].row * metrics.height(), widths[i] + 1,
                         metrics.height());
        painter->fillRect(box.adjusted(-1, 0, 1, 0), palette_->panel);
        painter->setPen(palette_->quiet);
        painter->drawText(box, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, texts[qsizetype(i)]);
    }
}

QString FlagLayer::flagsAt(const QPointF& position) const {
    QStringList texts;
    const AxisMap map(*mParentPlot->xAxis);
    for (const Flag& flag : flags_)
        if (std::abs(map.pixelOf(flag.x) - position.x()) <= reach) texts << flag.text;
    return texts.join(u'\n');
}

} // namespace kappascope::ui
