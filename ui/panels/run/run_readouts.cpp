// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/run_readouts.h"

#include "engine/probes/probe.h"
#include "ui/evaluated_value.h"
#include "ui/session.h"
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
constexpr int firstLayer = 0; // where badly scaled inputs are met
constexpr int trendLength = 12;
constexpr double noticeable = 1.1;
// The widest numbers with all digits and with three: what does not fit is written with fewer.
const QString allDigits = QStringLiteral("0.000e-00"), fewDigits = QStringLiteral("0.00e-0");

/// A training value and a test value, each with the gap before it.
int widthOfNumbers(const QString& widest) {
    return 2 * columnGap + NumberLabel::widthOf(NumberLabel::Role::Strong, widest) +
           NumberLabel::widthOf(NumberLabel::Role::Body, widest);
}

/// As `format` writes it, with fewer digits where these take more than `room` pixels.
template<class Format>
QString fitted(Format format, int most, const QFont& font, double room) {
    QString text = format(most);
    for (int digits = most - 1; digits > 0 && tabularWidth(font, text) > room; --digits)
        text = format(digits);
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
      testHead_(new QLabel(tr("test"), this)), fit_{Layout::Wide, allDigits} {
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setHorizontalSpacing(columnGap);
    grid_->setVerticalSpacing(lineSpacing);
    grid_->setColumnStretch(0, 1);
    addRow({tr("loss"), tr("loss")}, "loss", "train_loss_full", "train_loss", "test_loss", false);
    addRow({tr("accuracy"), tr("acc.")}, "accuracy", "train_accuracy", "", "test_accuracy", true);
    addRow({tr("gradient"), tr("grad.")}, "gradient", "gradient_norm", "", "", false);
    addConditionNumber();
    connect(&Theme::instance(), &Theme::changed, this, &RunReadouts::restyle);
    restyle();
    arrange();
}

template<class Act>
void RunReadouts::forEachNumber(Act act) {
    for (Row& row : rows_)
        for (Number* number : {&row.train, &row.test})
            if (number->label) act(*number);
}

void RunReadouts::addRow(const Words& words, const char* name, const char* train, const char* otherwise,
                         const char* test, bool share) {
    Row added;
    added.words = words;
    added.head = new NumberLabel(this, NumberLabel::Role::Body);
    added.head->setQuiet(true);
    added.head->setAlignment(Qt::AlignLeft);
    const auto format = share ? Number::Format::Share : Number::Format::Number;
    added.train = {
        .metric = train, .otherwise = otherwise, .name = name, .format = format, .label = addNumber(false)};
    added.head->setToolTip(definitionOf(train));
    if (*test) {
        added.testHead = new QLabel(tr("test"), this);
        added.testHead->setToolTip(definitionOf(test));
        added.test = {.metric = test,
                      .otherwise = {},
                      .name = QStringLiteral("test-") + name,
                      .format = format,
                      .quiet = true,
                      .label = addNumber(true)};
    }
    rows_.push_back(added);
}

void RunReadouts::addConditionNumber() {
    addRow({tr("κ layer 1"), tr("κ")}, "kappa", "condition_number", "", "condition_gain", false);
    Row& row = rows_.back();
    row.gain = true;
    row.testHead->setText(tr("gain"));
    row.test.name = QStringLiteral("gain");
    delete row.train.label; // what the program is named for is larger
    row.train.label = new NumberLabel(this, NumberLabel::Role::Counter);
    row.train.format = Number::Format::Kappa;
    row.test.format = Number::Format::Gain;
    row.train.layer = row.test.layer = firstLayer;
    row.head->setToolTip(row.head->toolTip() +
                         tr("\n\nBeside it ÷ and the gain: by how much the preconditioner lowers it.\n\nThe "
                            "arrow: whether the newest of the last %1 measurements are more than a tenth "
                            "below (↓) or above (↑) the oldest of them.")
                             .arg(trendLength));
}

/// Whether the second value has a line of its own.
bool RunReadouts::standsAlone(const Row& row) const {
    return fit_.layout == Layout::Narrow || (row.gain && !tests_);
}

/// How the condition number has moved lately, as an arrow beside its name.
void RunReadouts::showTrend(const History* history) {
    const SeriesKey key{"condition_number", firstLayer};
    std::vector<std::int64_t> steps;
    std::vector<double> values;
    if (history)
        history->raw(key, std::max<std::int64_t>(0, history->size(key) - trendLength), steps, values);
    QString arrow; // none before there are enough to tell
    if (const std::size_t third = values.size() / 3; third > 0) {
        arrow = QStringLiteral("→");
        const auto meanLog = [&](std::size_t from) {
            double sum = 0;
            for (std::size_t k = from; k < from + third; ++k)
                sum += std::log(values[k]);
            return sum / static_cast<double>(third);
        };
        const double moved = meanLog(values.size() - third) - meanLog(0);
        if (moved < -std::log(noticeable)) arrow = QStringLiteral("↓");
        if (moved > std::log(noticeable)) arrow = QStringLiteral("↑");
    }
    if (std::exchange(arrow_, arrow) != arrow) nameRow(rows_.back());
}

/// The row of the condition number has room for its arrow: arrows come and go while it trains, and to lay all
/// columns out anew takes a quarter of a frame.
void RunReadouts::nameRow(Row& row) {
    const bool roomy = fit_.layout == Layout::Wide || (fit_.layout == Layout::Short && !tests_);
    const QString& words = roomy ? row.words.full : row.words.brief;
    row.head->setText(row.gain && !arrow_.isEmpty() ? words + u' ' + arrow_ : words);
    row.head->reserve(row.gain ? words + QStringLiteral(" →") : words);
}

NumberLabel* RunReadouts::addNumber(bool quiet) {
    auto* label = new NumberLabel(this, quiet ? NumberLabel::Role::Body : NumberLabel::Role::Strong);
    label->setQuiet(quiet);
    label->reserve(fit_.widest);
    return label;
}

void RunReadouts::setCaption(QWidget* caption) {
    caption_ = caption;
    caption->setParent(this);
    caption->setMinimumWidth(1); // it is as long as there is room, and makes none
    arrange();
}

int RunReadouts::captionRoom(int width) const {
    const Fit fit = fitFor(width);
    const bool alone = !tests_ || fit.layout == Layout::Narrow;
    return alone ? width : width - widthOfNumbers(fit.widest);
}

RunReadouts::Fit RunReadouts::fitFor(int width) {
    const QFontMetrics metrics(Theme::instance().body());
    const auto fits = [&](const QString& head, const QString& widest) {
        return width >= metrics.horizontalAdvance(head) + widthOfNumbers(widest);
    };
    if (fits(tr("κ layer 1") + QStringLiteral(" →"), allDigits)) return {Layout::Wide, allDigits};
    if (fits(tr("grad."), allDigits)) return {Layout::Short, allDigits};
    if (fits(tr("grad."), fewDigits)) return {Layout::Short, fewDigits};
    return {Layout::Narrow, allDigits};
}

int RunReadouts::heightFor(int width) const {
    const bool narrow = fitFor(width).layout == Layout::Narrow;
    const bool captioned = caption_ && !caption_->isHidden();
    int height = 0;
    if (captioned) height = caption_->sizeHint().height();
    if (tests_ && !narrow) height = std::max(height, trainHead_->sizeHint().height());
    for (const Row& row : rows_) {
        if (row.train.format == Number::Format::Share && !accuracies_) continue;
        const int line =
            lineSpacing + std::max(row.head->sizeHint().height(), row.train.label->sizeHint().height());
        const bool second = row.test.label && (row.gain ? narrow || !tests_ : narrow && tests_);
        height += second ? 2 * line : line;
    }
    return height;
}

void RunReadouts::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const Fit wanted = fitFor(width());
    if (wanted == fit_) return;
    fit_ = wanted;
    forEachNumber([this](const Number& number) {
        write(number);
        if (number.format != Number::Format::Kappa) number.label->reserve(fit_.widest); // that one is larger
    });
    arrange();
    grid_->activate(); // at once: the caption's room is another now
}

/// Wide: training and test values in two columns under their heads, the rows' names cut short where they
/// would not fit otherwise. Narrow: each value in a line of its own.
void RunReadouts::arrange() {
    while (grid_->count() > 0)
        delete grid_->takeAt(0);
    const Layout layout = fit_.layout;
    const bool narrow = layout == Layout::Narrow, heads = tests_ && !narrow;
    if (caption_) grid_->addWidget(caption_, 0, 0, 1, heads ? 1 : 3, Qt::AlignLeft);
    grid_->addWidget(trainHead_, 0, trainColumn, Qt::AlignRight);
    grid_->addWidget(testHead_, 0, testColumn, Qt::AlignRight);
    trainHead_->setVisible(heads);
    testHead_->setVisible(heads);
    int line = 1;
    for (Row& row : rows_) {
        const bool shown = accuracies_ || row.train.format != Number::Format::Share;
        const bool second = row.test.label && (tests_ || row.gain), alone = second && standsAlone(row);
        nameRow(row);
        row.head->setVisible(shown);
        row.train.label->setVisible(shown);
        if (row.test.label) row.test.label->setVisible(shown && second);
        if (row.testHead) row.testHead->setVisible(shown && alone);
        if (!shown) continue;
        grid_->addWidget(row.head, line, 0);
        grid_->addWidget(row.train.label, line, trainColumn, 1, narrow || !tests_ ? 2 : 1, Qt::AlignRight);
        if (second) {
            if (alone) grid_->addWidget(row.testHead, ++line, 0);
            grid_->addWidget(row.test.label, line, alone ? trainColumn : testColumn, 1, alone ? 2 : 1,
                             Qt::AlignRight);
        }
        ++line;
    }
    updateGeometry();
}

void RunReadouts::setRunName(const QString& name) {
    forEachNumber([&](const Number& number) {
        number.label->setObjectName(QStringLiteral("run-%1-%2").arg(name, number.name));
    });
}

void RunReadouts::setRunColor(const QColor& color) {
    rows_.back().train.label->setColor(color);
}

void RunReadouts::setShown(bool accuracies, bool tests) {
    accuracies_ = accuracies;
    tests_ = tests;
    arrange();
}

/// Where the numbers come from.
struct RunReadouts::Source {
    const History* history;
    const RunStatus* status;
    std::int64_t newest; ///< step of the newest measurement
    std::int64_t oldest; ///< what is of an earlier step is stale

    Measured measured(const SeriesKey& key) const {
        if (key.layer == SeriesKey::wholeNetwork)
            if (const auto now = evaluatedValue(status, key.metric)) return {*now, status->step};
        return history ? newestFinite(*history, key) : Measured{std::nan(""), -1};
    }
};

void RunReadouts::refresh(const History* history, std::int64_t evaluateEvery, const RunStatus* status) {
    // The loss of the mini-batch comes with every measurement, and to the same history.
    const std::int64_t newest = history ? history->lastStep({"train_loss"}) : -1;
    const Source source{history, status, newest, std::max(newest - evaluateEvery, newest / 2)};
    forEachNumber([&](Number& number) { show(number, source); });
    showTrend(history);
}

void RunReadouts::show(Number& number, const Source& source) {
    std::string metric = number.metric;
    if (source.history && !number.otherwise.empty() && source.history->size({metric}) == 0 &&
        !evaluatedValue(source.status, metric))
        metric = number.otherwise;
    const Measured measured = source.measured({metric, number.layer});
    number.value = measured.value;
    write(number);
    // What is measured beside the training is always a little behind it.
    const bool stale = number.layer < 0 && measured.step < source.oldest;
    number.label->setQuiet(number.quiet || stale);
    if (measured.step == number.step && metric == number.shown && stale == number.stale) return;
    number.step = measured.step;
    number.shown = metric;
    number.stale = stale;
    QString when;
    if (measured.step >= 0) when = tr("\nof step %1").arg(formatCount(measured.step));
    if (measured.step >= 0 && stale)
        when += tr(", long past: the whole set is evaluated from time to time, and when the training rests");
    number.label->setToolTip(definitionOf(metric) + when);
}

void RunReadouts::write(const Number& number) {
    const QFont font = number.label->font();
    // In the column of training values, whose width the others have reserved, the larger one has no more.
    const double room = number.format == Number::Format::Kappa
                            ? NumberLabel::widthOf(NumberLabel::Role::Strong, fit_.widest) - 1
                            : tabularWidth(font, fit_.widest);
    const double value = number.value;
    switch (number.format) {
    case Number::Format::Share:
        return number.label->setText(formatShare(value));
    case Number::Format::Number:
        return number.label->setText(
            fitted([value](int digits) { return formatNumber(value, digits); }, 4, font, room));
    case Number::Format::Kappa:
        return number.label->setText(
            fitted([value](int digits) { return formatCondition(value, digits); }, 3, font, room));
    case Number::Format::Gain:
        return number.label->setText(fitted(
            [value](int digits) {
                return std::isnan(value) ? formatNumber(value) : u'÷' + formatCondition(value, digits);
            },
            3, font, room));
    }
}

void RunReadouts::restyle() {
    const QString quiet = QStringLiteral("color: %1").arg(Theme::instance().palette().quiet.name());
    for (const Row& row : rows_)
        if (row.testHead) row.testHead->setStyleSheet(quiet);
    for (QLabel* head : {trainHead_, testHead_})
        head->setStyleSheet(quiet);
}

} // namespace kappascope::ui
