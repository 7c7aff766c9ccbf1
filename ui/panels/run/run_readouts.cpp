// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_readouts.h"

#include "engine/probes/probe.h"
#include "ui/theme/theme.h"
#include "ui/widgets/number_label.h"

#include <QGridLayout>
#include <QLabel>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr int trainColumn = 1, testColumn = 2;
constexpr int lineSpacing = 2;

/// Two numbers of the widest kind beside a head.
int widthOfNumbers(const QFontMetrics& metrics) {
    return metrics.horizontalAdvance(QStringLiteral("0.000000  0.000000 "));
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
    grid_->setHorizontalSpacing(6);
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
    Row added{
        words, new QLabel(words.full, this), nullptr, {train, otherwise, name, share, addNumber(false)}, {}};
    added.head->setToolTip(definitionOf(train));
    if (*test) {
        added.testHead = new QLabel(tr("test"), this);
        added.testHead->setToolTip(definitionOf(test));
        added.test = {test, "", QStringLiteral("test-") + name, share, addNumber(true)};
    }
    rows_.push_back(added);
}

NumberLabel* RunReadouts::addNumber(bool quiet) {
    auto* label = new NumberLabel(this, quiet ? NumberLabel::Role::Body : NumberLabel::Role::Strong);
    label->setQuiet(quiet);
    return label;
}

void RunReadouts::setCaption(QWidget* caption) {
    caption_ = caption;
    caption->setParent(this);
    arrange();
}

int RunReadouts::captionRoom(int width) const {
    const bool alone = !tests_ || layoutFor(width) == Layout::Narrow;
    return alone ? width : width - widthOfNumbers(QFontMetrics(Theme::instance().body()));
}

RunReadouts::Layout RunReadouts::layoutFor(int width) {
    const QFontMetrics metrics(Theme::instance().body());
    const auto needed = [&](const QString& head) {
        return metrics.horizontalAdvance(head) + widthOfNumbers(metrics);
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
        row.head->setText(layout_ == Layout::Short && tests_ ? row.words.brief : row.words.full);
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

void RunReadouts::refresh(const History* history) {
    for (Row& row : rows_) {
        show(row.train, history);
        if (row.test.label) show(row.test, history);
    }
}

void RunReadouts::show(Number& number, const History* history) {
    std::string metric = number.metric;
    if (history && !number.otherwise.empty() && history->size({metric}) == 0) metric = number.otherwise;
    const double value = history ? history->lastValue({metric}) : std::nan("");
    const QString text = number.share ? formatShare(value) : formatNumber(value);
    if (text == number.label->text()) return;
    number.label->setText(text);
    number.label->setToolTip(
        definitionOf(metric) +
        (history ? tr("\nmeasured at step %1").arg(formatCount(history->lastStep({metric}))) : QString()));
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
