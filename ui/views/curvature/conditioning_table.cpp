// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/conditioning_table.h"

#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/section_head.h"

#include <QGridLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

/// Rates are near 1: what differs is their distance from it.
QString rateText(const Reading& rate) {
    if (!rate.usable()) return readingText(rate);
    return (rate.status == Reading::Status::Estimated ? QStringLiteral("≈ ") : QString()) +
           QString::number(rate.value, 'f', 1 - rate.value < 1e-3 ? 6 : 4);
}

/// "a factor of 10 every 230 steps"
QString rateWords(const Reading& rate) {
    if (!rate.usable() || !(rate.value > 0) || rate.value >= 1) return {};
    return ConditioningTable::tr("the loss falls to a tenth in %1 steps")
        .arg(formatNumber(std::ceil(std::log(10.0) / (-2 * std::log(rate.value)))));
}

} // namespace

ConditioningTable::ConditioningTable(QWidget* parent) : QWidget(parent), reason_(new QLabel(this)) {
    setObjectName(QStringLiteral("conditioning-table"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(4, 0, 4, 0);
    grid->setVerticalSpacing(3);
    grid->setColumnStretch(0, 1);
    grid->addWidget(new SectionHead(tr("Rate"), this), 0, 0, 1, 2);
    addRow(QStringLiteral("measured_rate"), tr("measured"),
           tr("Measured rate\nFactor by which the distance to the minimum shrinks in a step, from the slope "
              "of the "
              "logarithm of the recent training losses"));
    addRow(
        QStringLiteral("predicted_rate"), tr("predicted"),
        tr("Predicted rate\nmax |1 - η λ| over the eigenvalues of PᵀHP that count, η the learning rate: the "
           "factor of the direction that shrinks least on a quadratic"));
    addRow(QStringLiteral("best_rate"), tr("at the best step"), quantityDefinition("predicted_rate"));
    reason_->setWordWrap(true);
    grid->addWidget(reason_, grid->rowCount(), 0, 1, 2);
    grid->setRowMinimumHeight(grid->rowCount(), 8);
    grid->addWidget(new SectionHead(tr("Alignment"), this), grid->rowCount(), 0, 1, 2);
    addRow(QStringLiteral("representation_rank"), tr("rank of [h, 1]"),
           quantityDefinition("representation_rank"));
    addRow(QStringLiteral("labels_outside"), tr("labels outside"), quantityDefinition("labels_outside"));
    grid->setRowStretch(grid->rowCount(), 1);
    connect(&Theme::instance(), &Theme::changed, this, &ConditioningTable::restyle);
    restyle();
    setReading(nullptr, {});
}

void ConditioningTable::addRow(const QString& name, const QString& words, const QString& definition) {
    auto* grid = static_cast<QGridLayout*>(layout());
    const int line = grid->rowCount();
    const Row row{name, new QLabel(words, this), new NumberLabel(this)};
    row.words->setToolTip(definition);
    grid->addWidget(row.words, line, 0);
    grid->addWidget(row.value, line, 1);
    rows_.push_back(row);
}

NumberLabel* ConditioningTable::value(const QString& name) const {
    return std::ranges::find(rows_, name, &Row::name)->value;
}

QString ConditioningTable::reason() const {
    return reason_->text();
}

void ConditioningTable::show(const QString& name, const QString& text, const QString& note) {
    const Row& row = *std::ranges::find(rows_, name, &Row::name);
    row.value->setText(text);
    const QString definition = row.words->toolTip();
    row.value->setToolTip(note.isEmpty() ? definition : definition + QStringLiteral("\n") + note);
}

void ConditioningTable::setReading(const CurvatureReading* reading, const Reading& measured) {
    const auto rate = [&](const char* name, const Reading& value) {
        QStringList notes;
        for (const QString& note : {rateWords(value), readingNote(value)})
            if (!note.isEmpty()) notes << note;
        show(QString::fromLatin1(name), rateText(value), notes.join(u'\n'));
    };
    const RateTheory theory = reading ? reading->theory : RateTheory{};
    rate("measured_rate", measured);
    rate("predicted_rate", theory.atPresentRate);
    rate("best_rate", theory.atBestStep);
    reason_->setText(theory.atPresentRate.status == Reading::Status::NotDefined
                         ? tr("No prediction: %1.").arg(QString::fromStdString(theory.atPresentRate.why))
                         : QString());
    reason_->setVisible(!reason_->text().isEmpty());
    const Alignment alignment = reading ? reading->alignment : Alignment{};
    const QString name = QStringLiteral("representation_rank");
    show(
        name,
        alignment.samples > 0
            ? tr("%1 of %2").arg(formatCount(alignment.rank), formatCount(alignment.columns))
            : readingText({}),
        alignment.samples > 0
            ? tr("%1 columns, %2 samples").arg(formatCount(alignment.columns), formatCount(alignment.samples))
            : QString());
    const Reading& outside = alignment.shareOutside;
    show(QStringLiteral("labels_outside"),
         outside.usable() ? formatShare(outside.value) : readingText(outside), readingNote(outside));
}

void ConditioningTable::setRunColor(const QColor& color) {
    value(QStringLiteral("measured_rate"))->setColor(color);
}

void ConditioningTable::restyle() {
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().palette().quiet);
    for (const Row& row : rows_)
        row.words->setPalette(palette);
    reason_->setPalette(palette);
    reason_->setFont(smallNumbers());
}

} // namespace kappascope::ui
