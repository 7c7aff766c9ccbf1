// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/conditioning_view.h"

#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr qreal leastLine = 12.5, mostLine = 16, headHeight = 18, groupGap = 6, axisHeight = 18;
constexpr qreal nameWidth = 92, valueWidth = 112, margin = 4;
constexpr qreal tickDistance = 40;

const char* keyOf(ConditioningView::Bar bar) {
    constexpr const char* keys[] = {"kappa_input",         "kappa_centred",
                                    "kappa_standardized",  "kappa_input_preconditioned",
                                    "kappa_neuron_median", "kappa_neuron_median"};
    return keys[bar];
}

} // namespace

ConditioningView::ConditioningView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Conditioning of each layer"));
    setToolTip(
        tr("The condition number of each layer's inputs: as they are, centred, centred and scaled, and as "
           "the preconditioner has them"));
    connect(&Theme::instance(), &Theme::changed, this, [this] { update(); });
}

void ConditioningView::setReading(std::shared_ptr<const CurvatureReading> reading) {
    const auto count = [this] { return reading_ ? reading_->conditioning.size() : 0; };
    const std::size_t before = count();
    reading_ = std::move(reading);
    if (count() != before) updateGeometry();
    update();
}

void ConditioningView::setRunColor(const QColor& color) {
    color_ = color;
    update();
}

void ConditioningView::setHint(const QString& hint) {
    hint_ = hint;
    update();
}

int ConditioningView::heightAt(qreal line) const {
    const auto count = reading_ ? static_cast<qreal>(layers().size()) : 1.0;
    return static_cast<int>(std::ceil(count * (headHeight + bars * line + groupGap) + axisHeight));
}

qreal ConditioningView::lineHeight() const {
    const qreal room = height() - heightAt(0);
    const auto lines = static_cast<qreal>(std::max<std::size_t>(1, bars * layers().size()));
    return std::clamp(room / lines, leastLine, mostLine);
}

QSize ConditioningView::sizeHint() const {
    return {420, heightAt(leastLine)}; // takes more where there is room; a scroll area would not give less
}

QSize ConditioningView::minimumSizeHint() const {
    return {300, heightAt(leastLine)};
}

Reading ConditioningView::number(const LayerConditioning& layer, Bar bar) const {
    switch (bar) {
    case Input:
        return layer.input;
    case Centred:
        return layer.centred;
    case Standardized:
        return layer.standardized;
    case Preconditioned:
        return layer.preconditioned;
    case Neurons:
        return layer.median;
    case NeuronsPreconditioned:
        return layer.medianPreconditioned;
    }
    return {};
}

std::optional<ConditioningView::Range> ConditioningView::rangeOf(const LayerConditioning& layer,
                                                                 bool preconditioned) const {
    const Reading& middle = preconditioned ? layer.medianPreconditioned : layer.median;
    if (!middle.usable()) return {};
    Range range{middle.value, middle.value, middle.value};
    for (const NeuronBlock& block : layer.blocks) {
        const Reading& kappa = preconditioned ? block.preconditioned : block.kappa;
        if (!kappa.usable()) continue;
        range.low = std::min(range.low, kappa.value);
        range.high = std::max(range.high, kappa.value);
    }
    return range;
}

/// From 1, the best that there is, to the largest number.
EigenvalueAxis ConditioningView::axis() const {
    double most = 10;
    for (const LayerConditioning& layer : layers()) {
        for (int bar = 0; bar < bars; ++bar)
            if (const Reading value = number(layer, static_cast<Bar>(bar)); value.usable())
                most = std::max(most, value.value);
        for (const bool preconditioned : {false, true})
            if (const auto range = rangeOf(layer, preconditioned)) most = std::max(most, range->high);
    }
    EigenvalueAxis axis;
    axis.setSizes(1, most, 0);
    axis.setPixels(margin + nameWidth, width() - margin - valueWidth, 0);
    return axis;
}

QRectF ConditioningView::lineRect(int layer, int bar) const {
    const qreal line = lineHeight();
    const qreal top = layer * (headHeight + bars * line + groupGap) + headHeight + bar * line;
    return {margin, top, width() - 2 * margin, line};
}

QRectF ConditioningView::barRect(int layer, Bar bar) const {
    const LayerConditioning& of = layers()[static_cast<std::size_t>(layer)];
    const EigenvalueAxis scale = axis();
    const QRectF line = lineRect(layer, bar);
    double from = 1, to = 1;
    if (bar >= Neurons) {
        const auto range = rangeOf(of, bar == NeuronsPreconditioned);
        if (!range) return {};
        from = range->low;
        to = range->high;
    } else {
        const Reading value = number(of, bar);
        if (!value.usable()) return {};
        to = value.value;
    }
    const double left = from <= 1 ? scale.zeroRight() : scale.x(from);
    return {left, line.top() + 3, std::max(1.0, scale.x(to) - left), line.height() - 6};
}

void ConditioningView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Palette& colors = Theme::instance().palette();
    if (!reading_ || layers().empty()) {
        painter.setPen(colors.quiet);
        painter.setFont(Theme::instance().body());
        painter.drawText(QRectF(rect()).adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, hint_);
        return;
    }
    paintAxis(painter);
    for (std::size_t d = 0; d < layers().size(); ++d) {
        const LayerConditioning& layer = layers()[d];
        const int k = static_cast<int>(d);
        QFont strong = Theme::instance().body();
        strong.setWeight(QFont::DemiBold);
        painter.setFont(strong);
        painter.setPen(colors.text);
        QRectF head = lineRect(k, 0);
        head.moveTop(head.top() - headHeight);
        head.setHeight(headHeight);
        const QString name = blockName(layer.layer);
        painter.drawText(head, Qt::AlignLeft | Qt::AlignVCenter, name);
        const qreal used = painter.fontMetrics().horizontalAdvance(name) + 8;
        painter.setFont(smallNumbers());
        painter.setPen(colors.quiet);
        QString facts = (layer.units == 1 ? tr("%1 inputs, %2 neuron") : tr("%1 inputs, %2 neurons"))
                            .arg(formatCount(layer.inputs), formatCount(layer.units));
        if (layer.dead > 0) facts += tr(", %1 dead").arg(formatCount(layer.dead));
        painter.drawText(head.adjusted(used, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, facts);
        for (int bar = 0; bar < bars; ++bar)
            paintBar(painter, k, static_cast<Bar>(bar));
    }
}

void ConditioningView::paintAxis(QPainter& painter) const {
    const Palette& colors = Theme::instance().palette();
    const EigenvalueAxis scale = axis();
    const qreal bottom = lineRect(static_cast<int>(layers().size()) - 1, bars - 1).bottom() + groupGap;
    painter.setFont(smallNumbers());
    const auto tick = [&](double x, const QString& label) {
        const double at = std::round(x) + 0.5;
        painter.setPen(QPen(colors.grid, 1));
        painter.drawLine(QPointF(at, headHeight), QPointF(at, bottom));
        painter.setPen(colors.quiet);
        painter.drawText(QRectF(at - 30, bottom, 60, axisHeight), Qt::AlignCenter, label);
    };
    tick(scale.zeroRight(), QStringLiteral("1e0"));
    for (const auto& at : scale.ticks(tickDistance))
        tick(at.x, at.label);
}

/// The number, and by what factor it is smaller or larger than that of the bar that it is to be compared
/// with.
QString ConditioningView::valueText(const LayerConditioning& layer, Bar bar) const {
    const Reading value = number(layer, bar);
    QString text = readingText(value);
    if (bar == Input || bar == Neurons || !value.usable()) return text;
    const Reading before = bar == NeuronsPreconditioned ? layer.median : layer.input;
    if (!before.usable()) return text;
    const double gain = before.value / value.value;
    if (std::abs(gain - 1) < 1e-9) return text; // the same
    return text + (gain >= 1 ? tr("  ÷ %1").arg(formatCondition(gain))
                             : tr("  × %1").arg(formatCondition(1 / gain)));
}

void ConditioningView::paintBar(QPainter& painter, int layer, Bar bar) const {
    const Palette& colors = Theme::instance().palette();
    const LayerConditioning& of = layers()[static_cast<std::size_t>(layer)];
    const QColor own = color_.isValid() ? color_ : colors.accent;
    const QString names[] = {tr("Ĥ inputs"),      tr("ĤU centred"),   tr("ĤUD scaled"),
                             tr("ĤP as trained"), tr("neurons, raw"), tr("neurons, P")};
    const QRectF line = lineRect(layer, bar);
    painter.setFont(smallNumbers());
    painter.setPen(colors.quiet);
    painter.drawText(QRectF(line.left(), line.top(), nameWidth - 6, line.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, names[bar]);
    painter.setPen(number(of, bar).usable() ? colors.text : colors.quiet);
    painter.drawText(QRectF(line.right() - valueWidth + 6, line.top(), valueWidth - 6, line.height()),
                     Qt::AlignLeft | Qt::AlignVCenter, valueText(of, bar));
    const QRectF place = barRect(layer, bar);
    if (place.isEmpty()) return;
    if (bar >= Neurons)
        return paintRange(painter, place, *rangeOf(of, bar == NeuronsPreconditioned),
                          bar == NeuronsPreconditioned);
    QColor fill = bar == Preconditioned ? own : bar == Input ? colors.quiet : colors.line;
    if (bar == Input) fill.setAlphaF(0.55F);
    painter.setPen(bar == Preconditioned ? QPen(Qt::NoPen) : QPen(colors.quiet, 1));
    painter.setBrush(fill);
    painter.drawRect(bar == Preconditioned ? place : place.adjusted(0, 0.5, 0, -0.5));
}

/// From the best to the worst neuron, with a mark at the median.
void ConditioningView::paintRange(QPainter& painter, const QRectF& place, const Range& range,
                                  bool preconditioned) const {
    const Palette& colors = Theme::instance().palette();
    const QColor own = color_.isValid() ? color_ : colors.accent;
    const double y = place.center().y();
    painter.setPen(QPen(own, 1.6, preconditioned ? Qt::SolidLine : Qt::DotLine));
    painter.drawLine(QPointF(place.left(), y), QPointF(place.right(), y));
    painter.setPen(QPen(own, 1.6));
    painter.setBrush(preconditioned ? own : colors.panel);
    const EigenvalueAxis scale = axis();
    painter.drawEllipse(QPointF(range.middle <= 1 ? scale.zeroRight() : scale.x(range.middle), y), 3.5, 3.5);
}

QString ConditioningView::barText(int layer, Bar bar) const {
    const LayerConditioning& of = layers()[static_cast<std::size_t>(layer)];
    const Reading value = number(of, bar);
    QString text = blockName(of.layer) + QStringLiteral(": ") + quantityDefinition(keyOf(bar));
    if (bar == NeuronsPreconditioned) text += tr("\nafter the preconditioner");
    if (value.usable()) text += tr("\nhere: %1").arg(formatNumber(value.value));
    if (const QString note = readingNote(value); !note.isEmpty()) text += QStringLiteral("\n") + note;
    if (bar >= Neurons) {
        if (const auto range = rangeOf(of, bar == NeuronsPreconditioned))
            text += tr("\nfrom %1 to %2 over %3 neurons, %4 of them dead")
                        .arg(formatCondition(range->low), formatCondition(range->high),
                             formatCount(static_cast<qint64>(of.blocks.size())), formatCount(of.dead));
        text += QStringLiteral("\n") + QString::fromStdString(reading_->ofBlocks);
    } else if (bar != Input && of.input.usable() && value.usable()) {
        text += tr("\n%1 as they are; centring and scaling need not help: see the factor")
                    .arg(formatCondition(of.input.value));
    }
    return text;
}

QString ConditioningView::textAt(const QPointF& position) const {
    if (!reading_) return {};
    for (std::size_t d = 0; d < layers().size(); ++d)
        for (int bar = 0; bar < bars; ++bar)
            if (lineRect(static_cast<int>(d), bar).contains(position))
                return barText(static_cast<int>(d), static_cast<Bar>(bar));
    return {};
}

void ConditioningView::mouseMoveEvent(QMouseEvent* event) {
    const QString text = textAt(event->position());
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(event->globalPosition().toPoint(), text, this);
}

void ConditioningView::leaveEvent(QEvent* event) {
    QToolTip::hideText();
    QWidget::leaveEvent(event);
}

bool ConditioningView::event(QEvent* event) {
    if (event->type() == QEvent::ToolTip && !textAt(static_cast<QHelpEvent*>(event)->pos()).isEmpty())
        return true; // it follows the mouse already
    return QWidget::event(event);
}

} // namespace kappascope::ui
