// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_readouts.h"

#include "engine/probes/probe.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"

#include <QGridLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr int trainColumn = 1, testColumn = 2;
constexpr int lineSpacing = 2;

constexpr int columnGap = 6;
const QString widest =
    QStringLiteral("0.000e-00"); ///< what does not fit into it is written with fewer digits

/// As NumberLabel asks for it.
int widthOf(NumberLabel::Role role) {
    return NumberLabel::widthOf(role, widest);
}

/// A training value and a test value, each with the gap before it.
int widthOfNumbers() {
    return 2 * columnGap + widthOf(NumberLabel::Role::Strong) + widthOf(NumberLabel::Role::Body);
}

/// As formatNumber() writes it, with fewer digits where these take more room than there is.
QString fitted(double value, const NumberLabel& label) {
    QString text = formatNumber(value);
    const double room = tabularWidth(label.font(), widest);
    for (int digits = 2; digits >= 0 && tabularWidth(label.font(), text) > room; --digits)
        text = QString::number(value, 'e', digits).remove(u'+');
    return text;
}

struct Measured {
    double value;
    std::int64_t step; ///< -1: nothing was measured
};

/// The newest value that is a number: of a run that diverged, what it had before. It ends at the first values
/// that are none, so a few are looked at.
Measured newestFinite(const History& history, const SeriesKey& key) {
    const Measured last{history.lastValue(key), history.lastStep(key)};
    if (std::isfinite(last.value) || last.step < 0) return last;
    constexpr std::int64_t aFew = 64;
    std::vector<std::int64_t> steps;
    std::vector<double> values;
    history.raw(key, std::max<std::int64_t>(0, history.size(key) - aFew), steps, values);
    for (std::size_t k = values.size(); k-- > 0;)
        if (std::isfinite(values[k])) return {values[k], steps[k]};
    return last;
}
} // namespace

QString definitionOf(const std::string& metric) {
    const ProbeEntry* probe = probeCatalog().find(metric);
    if (!probe) return QString::fromStdString(metric);
    QString text = QString::fromStdString(probe->label);
    if (!probe->unit.empty()) text += QStringLiteral(" (%1)").arg(QString::fromStdString(probe->unit));
    text += '\n' + QString::fromStdString(probe->help);
    if (!probe->reference.empty()) text += '\n' + QString::fromStdString(probe->reference);
    return text;
}

RunReadouts::RunReadouts(QWidget* parent)
    : QWidget(parent), grid_(new QGridLayout(this)), trainHead_(new QLabel(tr("train"), this)),
      testHead_(new QLabel(tr("test"), this)) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(columnGap);
    grid_->setVerticalSpacing(lineSpacing);
    grid_->setColumnStretch(0, 1);
    addRow({tr("loss"), tr("loss")}, "loss", "train_loss_full", "train_loss", "test_loss", false);
    addRow({tr("accuracy"), tr("acc.")}, "accuracy", "train_accuracy", "", "test_accuracy", true);
    addRow({tr("gradient"), tr("grad.")}, "gradient", "gradient_norm", "", "", false);
    connect(&Theme::instance(), &Theme::changed, this, &RunReadouts::restyle);
    restyle();
    arrange();
}

void RunReadouts::addRow(const Words& words, const char* name, const char* train, const char* otherwise,
                         const char* test, bool share) {
    Row added;
    added.words = words;
    added.head = new QLabel(words.full, this);
    added.train = {train, otherwise, name, share, false, addNumber(false)};
    added.head->setToolTip(definitionOf(train));
    if (*test) {
        added.testHead = new QLabel(tr("test"), this);
        added.testHead->setToolTip(definitionOf(test));
        added.test = {test, "", QStringLiteral("test-") + name, share, true, addNumber(true)};
    }
    rows_.push_back(added);
}

NumberLabel* RunReadouts::addNumber(bool quiet) {
    auto* label = new NumberLabel(this, quiet ? NumberLabel::Role::Body : NumberLabel::Role::Strong);
    label->setQuiet(quiet);
    label->reserve(widest);
    return label;
}

void RunReadouts::setCaption(QWidget* caption) {
    caption_ = caption;
    caption->setParent(this);
    arrange();
}

int RunReadouts::captionRoom(int width) const {
    const bool alone = !tests_ || layoutFor(width) == Layout::Narrow;
    return alone ? width : width - widthOfNumbers();
}

RunReadouts::Layout RunReadouts::layoutFor(int width) {
    const QFontMetrics metrics(Theme::instance().body());
    const auto needed = [&](const QString& head) {
        return metrics.horizontalAdvance(head) + widthOfNumbers();
    };
    if (width >= needed(tr("accuracy"))) return Layout::Wide;
    return width >= needed(tr("grad.")) ? Layout::Short : Layout::Narrow;
}

int RunReadouts::heightFor(int width) const {
    const bool narrow = layoutFor(width) == Layout::Narrow, captioned = caption_ && !caption_->isHidden();
    int height = 0;
    if (captioned) height = caption_->sizeHint().height();
    if (tests_ && !narrow) height = std::max(height, trainHead_->sizeHint().height());
    for (const Row& row : rows_) {
        if (row.train.share && !accuracies_) continue;
        const int line =
            lineSpacing + std::max(row.head->sizeHint().height(), row.train.label->sizeHint().height());
        height += tests_ && narrow && row.test.label ? 2 * line : line;
    }
    return height;
}

void RunReadouts::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const Layout wanted = layoutFor(width());
    if (wanted == layout_) return;
    layout_ = wanted;
    arrange();
    grid_->activate(); // at once: the caption's room is another now
}

/// Wide: training and test values in two columns under their heads, the rows' names cut short where they
/// would not fit otherwise. Narrow: each value in a line of its own.
void RunReadouts::arrange() {
    while (grid_->count() > 0)
        delete grid_->takeAt(0);
    const bool narrow = layout_ == Layout::Narrow, heads = tests_ && !narrow;
    if (caption_) grid_->addWidget(caption_, 0, 0, 1, heads ? 1 : 3, Qt::AlignLeft);
    grid_->addWidget(trainHead_, 0, trainColumn, Qt::AlignRight);
    grid_->addWidget(testHead_, 0, testColumn, Qt::AlignRight);
    trainHead_->setVisible(heads);
    testHead_->setVisible(heads);
    int line = 1;
    for (Row& row : rows_) {
        const bool shown = accuracies_ || !row.train.share;
        row.head->setText(layout_ == Layout::Wide || (layout_ == Layout::Short && !tests_) ? row.words.full
                                                                                           : row.words.brief);
        row.head->setVisible(shown);
        row.train.label->setVisible(shown);
        if (row.test.label) row.test.label->setVisible(shown && tests_);
        if (row.testHead) row.testHead->setVisible(shown && tests_ && narrow);
        if (!shown) continue;
        grid_->addWidget(row.head, line, 0);
        grid_->addWidget(row.train.label, line, trainColumn, 1, narrow || !tests_ ? 2 : 1, Qt::AlignRight);
        if (row.test.label && tests_) {
            if (narrow) grid_->addWidget(row.testHead, ++line, 0);
            grid_->addWidget(row.test.label, line, narrow ? trainColumn : testColumn, 1, narrow ? 2 : 1,
                             Qt::AlignRight);
        }
        ++line;
    }
    updateGeometry();
}

void RunReadouts::setRunName(const QString& name) {
    for (Row& row : rows_)
        for (Number* number : {&row.train, &row.test})
            if (number->label)
                number->label->setObjectName(QStringLiteral("run-%1-%2").arg(name, number->name));
}

void RunReadouts::setShown(bool accuracies, bool tests) {
    accuracies_ = accuracies;
    tests_ = tests;
    arrange();
}

void RunReadouts::refresh(const History* history, std::int64_t measureEvery) {
    // The loss of the mini-batch comes with every measurement, and to the same history.
    const std::int64_t newest = history ? history->lastStep({"train_loss"}) : -1;
    for (Row& row : rows_) {
        show(row.train, history, newest - measureEvery);
        if (row.test.label) show(row.test, history, newest - measureEvery);
    }
}

void RunReadouts::show(Number& number, const History* history, std::int64_t oldest) {
    std::string metric = number.metric;
    if (history && !number.otherwise.empty() && history->size({metric}) == 0) metric = number.otherwise;
    const Measured measured = history ? newestFinite(*history, {metric}) : Measured{std::nan(""), -1};
    number.label->setText(number.share ? formatShare(measured.value) : fitted(measured.value, *number.label));
    number.label->setQuiet(number.quiet || measured.step < oldest);
    if (measured.step == number.step && metric == number.shown) return;
    number.step = measured.step;
    number.shown = metric;
    number.label->setToolTip(definitionOf(metric) + (measured.step < 0
                                                         ? QString()
                                                         : tr("\nstep %1").arg(formatCount(measured.step))));
}

void RunReadouts::restyle() {
    const QString quiet = QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name());
    for (const Row& row : rows_)
        for (QLabel* head : {row.head, row.testHead})
            if (head) head->setStyleSheet(quiet);
    for (QLabel* head : {trainHead_, testHead_})
        head->setStyleSheet(quiet);
}

} // namespace kappascope::ui
