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
}

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
    : QWidget(parent), grid_(new QGridLayout(this)), trainHead_(new QLabel(tr("train"))),
      testHead_(new QLabel(tr("test"))) {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(6);
    grid_->setVerticalSpacing(2);
    grid_->setColumnStretch(0, 1);
    grid_->addWidget(trainHead_, 0, trainColumn, Qt::AlignRight);
    grid_->addWidget(testHead_, 0, testColumn, Qt::AlignRight);
    addRow(tr("loss"), "loss", "train_loss_full", "train_loss", "test_loss", false);
    addRow(tr("accuracy"), "accuracy", "train_accuracy", "", "test_accuracy", true);
    addRow(tr("gradient"), "gradient", "gradient_norm", "", "", false);
    connect(&Theme::instance(), &Theme::changed, this, &RunReadouts::restyle);
    restyle();
}

void RunReadouts::addRow(const QString& text, const char* name, const char* train, const char* otherwise,
                         const char* test, bool share) {
    const int row = grid_->rowCount();
    auto* head = new QLabel(text);
    head->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    grid_->addWidget(head, row, 0);
    Row added{head,
              {train, otherwise, name, share, addNumber(row, trainColumn, false)},
              {test, "", {}, share, nullptr}};
    head->setToolTip(definitionOf(train));
    if (*test) {
        added.test.name = QStringLiteral("test-") + name;
        added.test.label = addNumber(row, testColumn, true);
    }
    rows_.push_back(added);
}

NumberLabel* RunReadouts::addNumber(int row, int column, bool quiet) {
    auto* label = new NumberLabel(this, quiet ? NumberLabel::Role::Body : NumberLabel::Role::Strong);
    label->setQuiet(quiet);
    grid_->addWidget(label, row, column, Qt::AlignRight);
    return label;
}

void RunReadouts::setRunName(const QString& name) {
    for (Row& row : rows_)
        for (Number* number : {&row.train, &row.test})
            if (number->label)
                number->label->setObjectName(QStringLiteral("run-%1-%2").arg(name, number->name));
}

void RunReadouts::setShown(bool accuracies, bool tests) {
    Row& accuracy = rows_[1];
    accuracy.head->setVisible(accuracies);
    accuracy.train.label->setVisible(accuracies);
    for (Row& row : rows_)
        if (row.test.label) row.test.label->setVisible(tests && (accuracies || &row != &accuracy));
    trainHead_->setVisible(tests);
    testHead_->setVisible(tests);
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
        row.head->setStyleSheet(quiet);
    for (QLabel* head : {trainHead_, testHead_})
        head->setStyleSheet(quiet);
}

} // namespace kappascope::ui
