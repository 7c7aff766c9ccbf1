// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_view.h"

#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <map>

namespace kappascope::ui {

namespace {

constexpr double mostDecades = 16;  ///< of a branch: below, eigenvalues are rounding
constexpr double barDecades = 0.25; ///< width of a bar
constexpr double stickHeight = 7;   ///< pixels
constexpr double axisHeight = 18;
constexpr double nameWidth = 46;  ///< of "PᵀHP"
constexpr double zeroWidth = 34;  ///< of the space between the branches
constexpr double reach = 5;       ///< pixels around a stick in which it is meant
constexpr double barShare = 0.35; ///< opacity

QString matrixName(bool preconditioned) {
    return preconditioned ? QStringLiteral("PᵀHP") : QStringLiteral("H");
}

/// All sizes that are told of a spectrum, with their weights in eigenvalues: bars are made of them.
template<class Add>
void forEachWeight(const SpectrumReading& spectrum, Add add) {
    if (spectrum.exact) {
        for (const double lambda : spectrum.eigenvalues)
            add(lambda, 1.0);
        return;
    }
    const auto samples = static_cast<double>(spectrum.density.samples.size());
    for (const auto& sample : spectrum.density.samples)
        for (Index i = 0; i < sample.nodes.size(); ++i)
            add(sample.nodes[i], sample.weights[i] * static_cast<double>(spectrum.density.size) / samples);
}

double largestSize(const SpectrumReading& spectrum) {
    double largest = 0;
    forEachWeight(spectrum, [&](double lambda, double) { largest = std::max(largest, std::abs(lambda)); });
    return largest;
}

/// Below this an eigenvalue is zero to rounding.
double zeroOf(const SpectrumReading& spectrum) {
    return eigenvalueCutoff * largestSize(spectrum);
}

} // namespace

double SpectrumView::Axis::pixel(double lambda) const {
    const double size = std::log10(std::max(std::abs(lambda), 1e-300));
    const double along = std::clamp((size - low) / (high - low), 0.0, 1.0);
    return lambda < 0 ? zeroLeft - along * (zeroLeft - left) : zeroRight + along * (right - zeroRight);
}

SpectrumView::SpectrumView(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("spectrum-view"));
    setAccessibleName(tr("Spectrum of the Hessian before and after the preconditioner"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void SpectrumView::show(std::shared_ptr<const CurvatureReading> reading, int layer, const QColor& color,
                        const QString& notice) {
    reading_ = std::move(reading);
    layer_ = layer;
    color_ = color;
    notice_ = notice;
    update();
}

const BlockReading* SpectrumView::block() const {
    return reading_ ? reading_->block(layer_) : nullptr;
}

std::vector<SpectrumView::Row> SpectrumView::rows() const {
    const BlockReading* block = this->block();
    if (!block) return {};
    std::vector<Row> rows{{&block->raw, &block->shares, {}, false}};
    if (reading_->whyNotPreconditioned.empty())
        rows.push_back({&block->preconditioned, &block->preconditionedShares, {}, true});
    const double each = (height() - axisHeight) / static_cast<double>(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i].area = {nameWidth, each * static_cast<double>(i), width() - nameWidth, each};
    return rows;
}

SpectrumView::Axis SpectrumView::axis() const {
    Axis axis;
    double least = std::numeric_limits<double>::infinity(), most = 0;
    for (const Row& row : rows()) {
        const double zero = zeroOf(*row.spectrum);
        forEachWeight(*row.spectrum, [&](double lambda, double) {
            const double size = std::abs(lambda);
            if (!(size > zero)) return;
            least = std::min(least, size);
            most = std::max(most, size);
            axis.negative |= lambda < 0;
        });
        if (row.preconditioned && layer_ == BlockReading::wholeNetwork && reading_->stabilityLimit.usable() &&
            std::isfinite(reading_->stabilityLimit.value))
            most = std::max(most, reading_->stabilityLimit.value);
    }
    if (most > 0) {
        axis.high = std::ceil(std::log10(most) + 0.05);
        axis.low = std::max(std::floor(std::log10(least)), axis.high - mostDecades);
    }
    axis.low = std::min(axis.low, axis.high - 1);
    axis.left = nameWidth + 6;
    axis.right = width() - 10;
    axis.zeroLeft = axis.negative ? (axis.left + axis.right - zeroWidth) / 2 : axis.left;
    axis.zeroRight = axis.zeroLeft + zeroWidth;
    return axis;
}

void SpectrumView::paintAxis(QPainter& painter, const Axis& axis) const {
    const Palette& palette = Theme::instance().palette();
    painter.setFont(Theme::instance().numbers());
    const double bottom = height() - axisHeight;
    const double perDecade = (axis.right - axis.zeroRight) / (axis.high - axis.low);
    const double room = painter.fontMetrics().horizontalAdvance(QStringLiteral("-1e-10")) + 10;
    const int every = std::max(1, static_cast<int>(std::ceil(room / perDecade)));
    for (int decade = static_cast<int>(axis.low); decade <= static_cast<int>(axis.high); ++decade) {
        if ((decade - static_cast<int>(axis.high)) % every != 0) continue;
        for (const double sign : {1.0, -1.0}) {
            if (sign < 0 && !axis.negative) continue;
            const double x = axis.pixel(sign * std::pow(10, decade));
            painter.setPen(QPen(palette.grid, 1));
            painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
            painter.setPen(palette.quiet);
            if (decade == static_cast<int>(axis.low)) continue; // its place is that of the 0
            const QString text = QStringLiteral("%1e%2")
                                     .arg(sign < 0 ? QStringLiteral("-1") : QStringLiteral("1"))
                                     .arg(decade);
            const double wide = painter.fontMetrics().horizontalAdvance(text);
            const double at = std::clamp(x - wide / 2, 0.0, width() - wide);
            painter.drawText(QRectF(at, bottom + 2, wide + 1, axisHeight - 2),
                             Qt::AlignLeft | Qt::AlignVCenter, text);
        }
    }
    painter.setPen(palette.quiet);
    painter.drawText(QRectF(axis.zeroLeft, bottom + 2, zeroWidth, axisHeight - 2), Qt::AlignCenter,
                     QStringLiteral("0"));
    painter.setPen(QPen(palette.line, 1, Qt::DotLine));
    for (const double x : {axis.zeroLeft, axis.zeroRight})
        painter.drawLine(QPointF(x, 0), QPointF(x, bottom));
}

void SpectrumView::paintRow(QPainter& painter, const Axis& axis, const Row& row) const {
    const Palette& palette = Theme::instance().palette();
    const SpectrumReading& spectrum = *row.spectrum;
    const double zero = zeroOf(spectrum);
    const double base = row.area.bottom() - stickHeight - 5, top = row.area.top() + 18;

    // Bars: sign and number of the bin -> eigenvalues.
    std::map<std::pair<int, int>, double> bars;
    double zeros = 0, tallest = 1;
    forEachWeight(spectrum, [&](double lambda, double weight) {
        if (!(std::abs(lambda) > zero)) {
            zeros += weight;
            return;
        }
        const int bin = static_cast<int>(std::floor(std::log10(std::abs(lambda)) / barDecades));
        tallest = std::max(tallest, bars[{lambda < 0 ? -1 : 1, bin}] += weight);
    });
    tallest = std::max(tallest, zeros);
    QColor fill = color_;
    fill.setAlphaF(row.preconditioned ? static_cast<float>(barShare) : 0.0F);
    const auto bar = [&](double x0, double x1, double count) {
        const double height = std::max((base - top) * count / tallest, 1.0);
        painter.drawRect(
            QRectF(std::min(x0, x1), base - height, std::max(std::abs(x1 - x0) - 1, 1.0), height));
    };
    painter.setRenderHint(QPainter::Antialiasing, true);
    painter.setPen(QPen(color_, 1));
    painter.setBrush(fill);
    for (const auto& [bin, count] : bars) {
        const double from = std::pow(10, bin.second * barDecades),
                     to = std::pow(10, (bin.second + 1) * barDecades);
        bar(axis.pixel(bin.first * from), axis.pixel(bin.first * to), count);
    }
    if (zeros >= 0.5) {
        painter.setPen(QPen(palette.quiet, 1));
        painter.setBrush(Qt::NoBrush);
        const double middle = (axis.zeroLeft + axis.zeroRight) / 2;
        bar(middle - 6, middle + 6, zeros);
        painter.drawText(QRectF(axis.zeroLeft, row.area.top() + 1, zeroWidth, 16), Qt::AlignCenter,
                         formatCount(std::llround(zeros)));
    }
    // Sticks, with the error of what is estimated.
    for (Index i = 0; i < spectrum.eigenvalues.size(); ++i) {
        const double lambda = spectrum.eigenvalues[i];
        if (!(std::abs(lambda) > zero)) continue;
        const double x = axis.pixel(lambda);
        painter.setPen(QPen(color_, 1.2));
        painter.drawLine(QPointF(x, base + 3), QPointF(x, base + 3 + stickHeight));
        if (i >= spectrum.errors.size()) continue;
        const double error = spectrum.errors[i];
        painter.drawLine(QPointF(axis.pixel(lambda - error), base + 3 + stickHeight / 2),
                         QPointF(axis.pixel(lambda + error), base + 3 + stickHeight / 2));
    }
    painter.setPen(palette.line);
    painter.drawLine(QPointF(axis.left, base + 1.5), QPointF(axis.right, base + 1.5));
    painter.setFont(Theme::instance().numbers());
    painter.setPen(palette.text);
    painter.drawText(QRectF(0, base - 14, nameWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     matrixName(row.preconditioned));
    painter.setPen(palette.quiet);
    painter.drawText(QRectF(0, top - 14, nameWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                     formatCount(std::llround(tallest)));
}

/// Where the steps of this optimizer at this rate begin to grow.
void SpectrumView::paintLimit(QPainter& painter, const Axis& axis, const Row& row) const {
    if (!row.preconditioned || layer_ != BlockReading::wholeNetwork) return;
    const Reading& limit = reading_->stabilityLimit;
    if (!limit.usable() || !std::isfinite(limit.value) || !(limit.value > 0)) return;
    const Palette& palette = Theme::instance().palette();
    const double x = axis.pixel(limit.value);
    painter.setPen(QPen(palette.warning, 1.4, Qt::DashLine));
    painter.drawLine(QPointF(x, row.area.top() + 3), QPointF(x, row.area.bottom()));
    painter.setFont(Theme::instance().body());
    const QString text = tr("limit");
    const double wide = painter.fontMetrics().horizontalAdvance(text);
    const bool leftOf = x + wide + 6 > width();
    painter.setPen(palette.warning);
    painter.drawText(QRectF(leftOf ? x - wide - 4 : x + 4, row.area.top() + 1, wide + 1, 16), Qt::AlignLeft,
                     text);
}

void SpectrumView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Palette& palette = Theme::instance().palette();
    if (!block()) {
        painter.setPen(palette.quiet);
        painter.drawText(rect().adjusted(8, 8, -8, -8), Qt::AlignCenter | Qt::TextWordWrap, notice_);
        return;
    }
    const Axis axis = this->axis();
    paintAxis(painter, axis);
    for (const Row& row : rows()) {
        paintRow(painter, axis, row);
        paintLimit(painter, axis, row);
    }
}

QPointF SpectrumView::stickOf(bool preconditioned, Index index) const {
    const Axis axis = this->axis();
    for (const Row& row : rows())
        if (row.preconditioned == preconditioned && index < row.spectrum->eigenvalues.size())
            return {axis.pixel(row.spectrum->eigenvalues[index]), row.area.bottom() - stickHeight / 2 - 2};
    return {};
}

QString SpectrumView::describe(const QPointF& position) const {
    const Axis axis = this->axis();
    for (const Row& row : rows()) {
        if (!row.area.contains(position)) continue;
        const SpectrumReading& spectrum = *row.spectrum;
        const double zero = zeroOf(spectrum);
        Index nearest = -1;
        double distance = reach;
        for (Index i = 0; i < spectrum.eigenvalues.size(); ++i) {
            if (!(std::abs(spectrum.eigenvalues[i]) > zero)) continue;
            const double away = std::abs(axis.pixel(spectrum.eigenvalues[i]) - position.x());
            if (away >= distance) continue;
            distance = away;
            nearest = i;
        }
        if (nearest < 0) return {};
        QString text =
            tr("%1: λ = %2").arg(matrixName(row.preconditioned), formatNumber(spectrum.eigenvalues[nearest]));
        if (nearest < spectrum.errors.size())
            text += tr(" ± %1").arg(formatNumber(spectrum.errors[nearest], 2));
        if (spectrum.exact)
            text += tr("\nnumber %1 of %2, the largest first")
                        .arg(formatCount(spectrum.eigenvalues.size() - nearest),
                             formatCount(spectrum.eigenvalues.size()));
        if (nearest < row.shares->cols()) {
            text += tr("\nshare of its eigenvector in each layer:");
            for (Index layer = 0; layer < row.shares->rows(); ++layer)
                text += tr("\nlayer %1: %2").arg(layer + 1).arg(formatShare((*row.shares)(layer, nearest)));
        }
        return text;
    }
    return {};
}

bool SpectrumView::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip) return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    QString text = describe(help->pos());
    if (text.isEmpty())
        text = tr(
            "Eigenvalues of the Hessian H (outlined) and of PᵀHP (filled), which the optimizer meets: how "
            "many "
            "there are in each quarter of a decade, and below each single one. Left: negative ones. In the "
            "middle: those that are zero to rounding.");
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace kappascope::ui
