// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/spectrum_table.h"

#include "ui/theme/theme.h"
#include "ui/views/curvature/reading_text.h"
#include "ui/views/view_text.h"
#include "ui/widgets/number_label.h"

#include <QGridLayout>
#include <QLabel>
#include <algorithm>

namespace kappascope::ui {

namespace {

constexpr int lineSpacing = 3, columnGap = 8;

} // namespace

SpectrumTable::SpectrumTable(QWidget* parent) : QWidget(parent), of_(new QLabel(this)) {
    setObjectName(QStringLiteral("spectrum-table"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(4, 0, 4, 0);
    grid->setHorizontalSpacing(columnGap);
    grid->setVerticalSpacing(lineSpacing);
    grid->setColumnStretch(0, 1);
    const QString heads[] = {tr("H"), tr("PᵀHP"), tr("gain")};
    const QString help[] = {tr("The Hessian of the loss, as it is"),
                            tr("The Hessian in the coordinates in which the run's update is a plain step"),
                            quantityDefinition("gain")};
    for (int column = 0; column < 3; ++column) {
        heads_[column] = new QLabel(heads[column], this);
        heads_[column]->setAlignment(Qt::AlignRight);
        heads_[column]->setToolTip(help[column]);
        grid->addWidget(heads_[column], 0, column + 1);
    }
    addRow("lambda_max", tr("λmax"));
    addRow("lambda_min", tr("λmin"));
    addRow("lambda_nonzero", tr("least |λ|"));
    addRow("kappa_rank", tr("κr")); // what compares both is in sight in the lowest panel
    addRow("kappa_tau", tr("κτ"));
    addRow("dropped", tr("left out"));
    addRow("kappa", tr("κ"));
    addRow("kappa_average", tr("κavg"));
    addRow("negative_share", tr("negative"));
    addRow("best_step", tr("best step"));
    addRow("stability_limit", tr("λmax limit"));
    of_->setWordWrap(true);
    of_->setToolTip(tr("Which matrix, of which function, over which samples"));
    grid->setRowMinimumHeight(grid->rowCount(), 2 * lineSpacing);
    grid->addWidget(of_, grid->rowCount(), 0, 1, 4);
    grid->setRowStretch(grid->rowCount(), 1);
    connect(&Theme::instance(), &Theme::changed, this, &SpectrumTable::restyle);
    restyle();
    setReading(nullptr, BlockReading::wholeNetwork);
}

void SpectrumTable::addRow(const char* key, const QString& name) {
    auto* grid = static_cast<QGridLayout*>(layout());
    const int line = grid->rowCount();
    Row row{key, new QLabel(name, this), {}};
    row.name->setToolTip(quantityDefinition(key));
    grid->addWidget(row.name, line, 0);
    for (int column = 0; column < 3; ++column) {
        row.cells[column] = new NumberLabel(this, column == Preconditioned ? NumberLabel::Role::Strong
                                                                           : NumberLabel::Role::Body);
        row.cells[column]->setToolTip(row.name->toolTip());
        row.cells[column]->reserve(QStringLiteral("0.00e-0"));
        grid->addWidget(row.cells[column], line, column + 1);
    }
    rows_.push_back(row);
}

NumberLabel* SpectrumTable::cell(const std::string& row, Column column) const {
    const auto found = std::ranges::find(rows_, row, &Row::key);
    return found == rows_.end() ? nullptr : found->cells[column];
}

SpectrumTable::Values SpectrumTable::valuesOf(const std::string& key, const CurvatureReading& reading,
                                              const BlockReading& block) const {
    const SpectrumSummary &H = block.raw.summary, &P = block.preconditioned.summary;
    const bool defined = reading.whyNotPreconditioned.empty();
    const auto both = [&](auto member) { return Values{{H.*member, P.*member, {}}, {}}; };
    const auto compared = [&](auto member) {
        return Values{{H.*member, P.*member, gain(H.*member, P.*member)}, {}};
    };
    const auto ofP = [&](Reading value) {
        return defined ? value : Reading::notDefined(reading.whyNotPreconditioned);
    };
    if (key == "lambda_max") return both(&SpectrumSummary::lambdaMax);
    if (key == "lambda_min") return both(&SpectrumSummary::lambdaMin);
    if (key == "lambda_nonzero") return both(&SpectrumSummary::smallestNonZero);
    if (key == "kappa") return compared(&SpectrumSummary::kappa);
    if (key == "kappa_average") return compared(&SpectrumSummary::kappaAverage);
    if (key == "kappa_tau") {
        Values values = both(&SpectrumSummary::kappaTau);
        values.notes[Raw] = values.notes[Preconditioned] = tr("τ = %1").arg(formatNumber(H.tau));
        values.cells[Gain] = Reading::notDefined(
            tr("κτ leaves out another number of directions on each side; see κr").toStdString());
        return values;
    }
    if (key == "kappa_rank") {
        if (!block.raw.exact) {
            const Reading missing = Reading::notDefined(
                tr("takes the whole spectrum, and this one is an estimate; see κavg").toStdString());
            return Values{{missing, missing, missing}, {}};
        }
        Values values{{block.matched.before, block.matched.after, block.matched.gain}, {}};
        for (QString& note : values.notes)
            note = tr("over r = %1 directions").arg(formatCount(block.matched.directions));
        return values;
    }
    if (key == "dropped") {
        Values values{{droppedCount(block.raw), ofP(droppedCount(block.preconditioned)), {}}, {}};
        values.notes[Raw] = values.notes[Preconditioned] =
            tr("of %1 eigenvalues, within ±τ λmax (τ = %2)").arg(formatCount(H.size), formatNumber(H.tau));
        return values;
    }
    if (key == "negative_share") {
        Values values{{negativeShare(block.raw), ofP(negativeShare(block.preconditioned)), {}}, {}};
        for (const Column column : {Raw, Preconditioned}) {
            const SpectrumSummary& side = column == Raw ? H : P;
            values.notes[column] =
                tr("%1 of %2 eigenvalues").arg(formatCount(side.negative), formatCount(side.size));
        }
        return values;
    }
    if (key == "best_step") return {{bestStep(H), block.bestStep, {}}, {}};
    Values values{{reading.identity ? reading.stabilityLimit : Reading{}, ofP(reading.stabilityLimit), {}},
                  {}};
    if (reading.symmetrized)
        values.notes[Preconditioned] =
            tr("of a P Pᵀ that was made symmetric: near the limit, not at it, where optimizer and "
               "preconditioner do not commute");
    return values;
}

void SpectrumTable::show(Row& row, const Values& values) {
    for (int column = 0; column < 3; ++column) {
        const Reading& reading = values.cells[column];
        NumberLabel& label = *row.cells[column];
        QString text = readingText(reading);
        if (row.key == "negative_share" && reading.usable())
            text = text.startsWith(QStringLiteral("≈ ")) ? QStringLiteral("≈ ") + formatShare(reading.value)
                                                         : formatShare(reading.value);
        if (reading.status == Reading::Status::NotComputed) text.clear(); // has none
        if (column == Gain && reading.usable()) text.prepend(QStringLiteral("÷ "));
        label.setText(text);
        QStringList help{row.name->toolTip()};
        if (reading.usable() && column != Gain) help << tr("here: %1").arg(formatNumber(reading.value));
        for (const QString& note : {values.notes[column], readingNote(reading)})
            if (!note.isEmpty()) help << note;
        label.setToolTip(help.join(u'\n'));
    }
}

void SpectrumTable::setReading(const CurvatureReading* reading, int layer) {
    const BlockReading* block = reading ? reading->block(layer) : nullptr;
    QString of = reading ? QString::fromStdString(reading->of) : QString();
    if (block) of = tr("%1; τ = %2").arg(of, formatNumber(block->raw.summary.tau));
    of_->setText(of);
    for (Row& row : rows_)
        show(row, block ? valuesOf(row.key, *reading, *block) : Values{});
}

void SpectrumTable::setRunColor(const QColor& color) {
    for (Row& row : rows_)
        row.cells[Preconditioned]->setColor(color);
    QPalette palette = heads_[Preconditioned]->palette();
    palette.setColor(QPalette::WindowText, color);
    heads_[Preconditioned]->setPalette(palette);
}

void SpectrumTable::restyle() {
    QPalette palette;
    palette.setColor(QPalette::WindowText, Theme::instance().palette().quiet);
    for (Row& row : rows_)
        row.name->setPalette(palette);
    heads_[Raw]->setPalette(palette);
    heads_[Gain]->setPalette(palette);
    of_->setPalette(palette);
    of_->setFont(smallNumbers());
}

} // namespace kappascope::ui
