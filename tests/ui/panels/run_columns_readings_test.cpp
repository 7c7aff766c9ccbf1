// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/presets.h"
#include "tests/support/columns_of_runs.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_column.h"
#include "ui/panels/run/run_readouts.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/switch_button.h"

#include <QLabel>
#include <QPushButton>
#include <QToolButton>
#include <limits>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

/// Numbers as long as they come in every readout.
void pushLongNumbers(Session& session) {
    for (const RunSpec& run : session.experiment().runs) {
        const auto history = session.history(run.id);
        if (!history) continue;
        std::int64_t step = 100'000;
        for (const double value : {1.149e-6, 2.345e-123})
            for (const char* metric : {"train_loss", "train_loss_full", "train_accuracy", "gradient_norm",
                                       "test_loss", "test_accuracy"}) {
                const History::Sample sample{step, value};
                history->push({metric}, {&sample, 1});
                ++step;
            }
    }
}

/// Room that the text of `widget` takes, 0 for what has none or may be cut.
double textWidth(const QWidget& widget) {
    if (const auto* number = qobject_cast<const NumberLabel*>(&widget))
        return tabularWidth(number->font(), number->text());
    if (const auto* label = qobject_cast<const QLabel*>(&widget); label && !label->wordWrap())
        return label->fontMetrics().horizontalAdvance(label->text());
    if (const auto* toggle = qobject_cast<const SwitchButton*>(&widget)) return toggle->sizeHint().width();
    if (const auto* button = qobject_cast<const QToolButton*>(&widget))
        return button->fontMetrics().horizontalAdvance(button->text());
    if (const auto* rate = qobject_cast<const RateField*>(&widget)) return rate->sizeHint().width();
    if (const auto* name = qobject_cast<const EditableName*>(&widget)) return name->sizeHint().width();
    return 0;
}

/// What is wrong with the texts of a column, or empty.
QString cutText(const RunColumn& column) {
    for (const QWidget* widget : column.findChildren<QWidget*>()) {
        if (!widget->isVisible()) continue;
        const QString what = widget->objectName() + QStringLiteral(" in ") + column.objectName();
        if (textWidth(*widget) > widget->width())
            return QStringLiteral("%1: %2 px for %3").arg(what).arg(widget->width()).arg(textWidth(*widget));
        if (textWidth(*widget) > 0 && !widget->parentWidget()->rect().contains(widget->geometry()))
            return what + QStringLiteral(" is outside");
    }
    return {};
}

} // namespace

/// What the columns show: numbers, pictures, states, and that all of it has its place.
class RunColumnsReadingsTest : public test::ColumnsOfRuns {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { open(); }
    void cleanup() { close(); }

    void theNumbersAreThoseOfTheHistory();
    void aSingleTickReachesAllColumns();
    void thePictureIsThatOfTheLastStep();
    void thePictureSuitsTheData();
    void allColumnsShowTheChosenPicture();
    void aRunThatDivergesSaysSoAndRestartsAtHalfTheRate();
    void sixteenRunsAreAllWithinReach();
    void eightRunsAreInSightAtOnce();
    void noTextIsWiderThanItsWidget_data();
    void noTextIsWiderThanItsWidget();
    void allColumnsHaveOneArrangement();
    void staleNumbersLookStale();
    void atRestTheNumbersAreOfTheNetworkAsItStands();
    void aRunThatDivergedKeepsItsLastFiniteNumbers();
    void aBatchOfOneIsSaidWhereBatchNormalizationMeetsIt();
};

void RunColumnsReadingsTest::theNumbersAreThoseOfTheHistory() {
    QVERIFY(session_->train(60));
    const auto history = session_->history(session_->idOf("BN"));
    const double loss = history->lastValue({"train_loss_full"}),
                 accuracy = history->lastValue({"test_accuracy"});
    QVERIFY(std::isfinite(loss));
    QTRY_COMPARE(find<NumberLabel>("run-BN-loss")->text(), formatNumber(loss));
    QTRY_COMPARE(find<NumberLabel>("run-BN-test-accuracy")->text(), formatShare(accuracy));
    QTRY_COMPARE(find<NumberLabel>("run-BN-gradient")->text(),
                 formatNumber(history->lastValue({"gradient_norm"})));
    const QString tip = find<NumberLabel>("run-BN-loss")->toolTip();
    QVERIFY2(tip.contains("\nof step "), qPrintable(tip));
}

/// As when something was measured beside a training that rests.
void RunColumnsReadingsTest::aSingleTickReachesAllColumns() {
    QVERIFY(session_->train(6));
    QTest::qWait(1000); // until nothing ticks any more
    const History::Sample measured{6, 1234.0};
    for (const RunSpec& run : session_->experiment().runs)
        session_->history(run.id)->push({"gradient_norm"}, {&measured, 1});
    emit session_->ticked();
    for (const RunSpec& run : session_->experiment().runs) {
        const QString name = QStringLiteral("run-%1-gradient").arg(QString::fromStdString(run.name));
        QTRY_COMPARE(find<NumberLabel>(name)->text(), formatNumber(1234));
    }
}

void RunColumnsReadingsTest::thePictureIsThatOfTheLastStep() {
    QVERIFY(session_->train(37));
    for (const RunSpec& run : session_->experiment().runs) {
        RunColumn* column = columns_->column(run.id);
        QTRY_VERIFY(column->view());
        QTRY_COMPARE(column->view()->shownStep(), 37);
    }
}

void RunColumnsReadingsTest::thePictureSuitsTheData() {
    RunColumn* column = columns_->column(session_->idOf("BN"));
    QTRY_VERIFY(column->view());
    QCOMPARE(column->view()->accessibleName(), QStringLiteral("Decision map"));
    session_->change("data", [](Experiment& after) {
        after.data = {};
        after.data.set = "wine";
        after.loss = {"cross_entropy", {}}; // three classes
        after.model.hidden = {8};
    });
    QTRY_COMPARE(column->view()->accessibleName(), QStringLiteral("Confusion matrix"));
    QTRY_VERIFY(column->view()->shownStep() >= 0);
}

void RunColumnsReadingsTest::allColumnsShowTheChosenPicture() {
    for (const RunSpec& run : session_->experiment().runs)
        QTRY_VERIFY(columns_->column(run.id)->view());
    QVERIFY(find<QToolButton>("run-BN-next-view")->isVisible());
    QTest::mouseClick(find<QToolButton>("run-BN-next-view"), Qt::LeftButton);
    for (const RunSpec& run : session_->experiment().runs)
        QCOMPARE(columns_->column(run.id)->view()->accessibleName(), QStringLiteral("Confusion matrix"));
    menuAction("Plain", "decision_map")->trigger();
    for (const RunSpec& run : session_->experiment().runs)
        QCOMPARE(columns_->column(run.id)->view()->accessibleName(), QStringLiteral("Decision map"));
}

void RunColumnsReadingsTest::aRunThatDivergesSaysSoAndRestartsAtHalfTheRate() {
    constexpr double absurd = 100; // overflows within a few steps; the largest that is allowed is larger
    session_->change("loss", [](Experiment& after) {
        after.loss = {"mean_squared_error", {}};
        after.model.activation = {"identity", {}};
    });
    QVERIFY(session_->changeRun(session_->idOf("Plain"), "rate",
                                [absurd](RunSpec& run) { run.learningRate = absurd; }));
    session_->step(50);
    const int before = session_->idOf("Plain");
    const auto diverged = [&] { // there is no status while the runs are built anew
        const RunStatus* status = session_->runStatus(before);
        return status && status->state == RunState::Diverged;
    };
    QTRY_VERIFY(diverged());
    auto* restart = find<QPushButton>("run-Plain-restart");
    QTRY_VERIFY(restart->isVisible());
    auto* state = find<QLabel>("run-Plain-state");
    QVERIFY2(state->text().startsWith("Diverged at step"), qPrintable(state->text()));
    QCOMPARE(state->toolTip(), QString::fromStdString(session_->runStatus(before)->why));
    QTest::mouseClick(restart, Qt::LeftButton);
    QCOMPARE(session_->named("Plain").learningRate, std::optional(absurd / 2));
    const int after = session_->idOf("Plain");
    QVERIFY(after != before);
    QCOMPARE(session_->selectedRun(), after);
    QCOMPARE(session_->positionOf(after), 0);
    QCOMPARE(laboratoryExperiment(), session_->experiment());
    QVERIFY(columns_->column(after) && !columns_->column(before));
}

void RunColumnsReadingsTest::sixteenRunsAreAllWithinReach() {
    while (session_->experiment().runs.size() < mostRunsByHand)
        session_->addRun();
    QWidget* content = columns_->widget();
    for (const RunSpec& run : session_->experiment().runs) {
        const QRect place = columns_->column(run.id)->geometry();
        QVERIFY(content->rect().contains(place));
        QTRY_VERIFY(columns_->column(run.id)->width() >= columns_->column(run.id)->minimumSizeHint().width());
    }
    session_->selectRun(session_->experiment().runs.back().id);
    const QRect last = columns_->column(session_->selectedRun())->geometry().translated(content->pos());
    QVERIFY2(columns_->viewport()->rect().contains(last.center()), "the selected run is scrolled into sight");
}

void RunColumnsReadingsTest::eightRunsAreInSightAtOnce() {
    session_->open(preset("optimizers"), false);
    session_->laboratory().wait();
    while (session_->experiment().runs.size() < 8)
        session_->addRun();
    columns_->resize(734, 630); // the centre of a window of 1440 x 900
    QApplication::processEvents();
    QCOMPARE(columns_->horizontalScrollBar()->maximum(), 0);
    QCOMPARE(columns_->verticalScrollBar()->maximum(), 0);
}

void RunColumnsReadingsTest::noTextIsWiderThanItsWidget_data() {
    QTest::addColumn<std::string>("presetName");
    QTest::addColumn<QSize>("room");
    for (const char* name : {"default", "optimizers"})
        for (const int width : {540, 600, 680, 760, 820, 900, 980}) // 1100 x 700 ... 1440 x 900, docks moved
            QTest::addRow("%s in %d", name, width) << std::string(name) << QSize(width, 460);
}

void RunColumnsReadingsTest::noTextIsWiderThanItsWidget() {
    QFETCH(std::string, presetName);
    QFETCH(QSize, room);
    constexpr std::size_t most = 8;
    Experiment experiment = preset(presetName);
    const std::vector<RunSpec> runs = experiment.runs;
    experiment.runs.clear();
    for (std::size_t count = 1; count <= most; ++count) {
        RunSpec next = runs[(count - 1) % runs.size()];
        next.id = static_cast<int>(count);
        if (count > runs.size()) next.name += " " + std::to_string(count / runs.size());
        experiment.runs.push_back(next);
        session_->open(experiment, false);
        session_->laboratory().wait();
        QTRY_VERIFY(session_->history(session_->experiment().runs.back().id));
        pushLongNumbers(*session_);
        columns_->resize(room);
        for (const RunSpec& run : session_->experiment().runs)
            columns_->column(run.id)->refresh();
        QApplication::processEvents();
        for (const RunSpec& run : session_->experiment().runs) {
            // A caption that has just changed is laid out by the next turn of the event loop.
            const auto cut = [&] { return cutText(*columns_->column(run.id)); };
            QTRY_VERIFY2(cut().isEmpty(), qPrintable(QStringLiteral("%1 runs: %2").arg(count).arg(cut())));
        }
    }
}

void RunColumnsReadingsTest::allColumnsHaveOneArrangement() {
    session_->open(preset("optimizers"), false);
    session_->laboratory().wait();
    for (const int width : {540, 680, 820, 980}) {
        columns_->resize(width, 460);
        QApplication::processEvents();
        std::set<std::pair<int, int>> heights;
        for (const RunSpec& run : session_->experiment().runs) {
            const QString name = QString::fromStdString(run.name);
            heights.insert({find<RateField>(QStringLiteral("run-%1-rate").arg(name))->y(),
                            find<SwitchButton>(QStringLiteral("run-%1-switch-bn").arg(name))->y()});
        }
        QCOMPARE(heights.size(), std::size_t(1));
    }
}

void RunColumnsReadingsTest::staleNumbersLookStale() {
    QVERIFY(session_->train(6));
    RunColumn* column = columns_->column(session_->idOf("Plain"));
    column->refresh();
    auto* gradient = find<NumberLabel>("run-Plain-gradient");
    QVERIFY(!gradient->isQuiet());
    QVERIFY2(gradient->toolTip().endsWith("step 5"), qPrintable(gradient->toolTip()));
    const auto history = session_->history(session_->idOf("Plain"));
    const QString text = gradient->text();
    const double same = history->lastValue({"gradient_norm"});
    const History::Sample later{8, same};
    history->push({"gradient_norm"}, {&later, 1});
    column->refresh();
    QCOMPARE(gradient->text(), text);
    QVERIFY2(gradient->toolTip().endsWith("step 8"), qPrintable(gradient->toolTip()));
    const History::Sample newest{8 + session_->status().evaluateEvery + 1, 0.5};
    history->push({"train_loss"}, {&newest, 1});
    column->refresh();
    QVERIFY(gradient->isQuiet());
}

void RunColumnsReadingsTest::atRestTheNumbersAreOfTheNetworkAsItStands() {
    RunReadouts readouts;
    readouts.setRunName("A");
    History history;
    const History::Sample start{0, 0.7}, batch{1999, 0.2}, lost{1000, 0.4};
    history.push({"train_loss_full"}, {&start, 1});
    history.push({"train_loss_full"}, {&lost, 1});
    history.push({"train_loss"}, {&batch, 1});
    auto* loss = readouts.findChild<NumberLabel*>("run-A-loss");
    readouts.refresh(&history, 1000);
    QCOMPARE(loss->text(), formatNumber(0.4));
    QVERIFY(!loss->isQuiet());

    RunStatus status;
    status.step = 2000;
    status.evaluation = Evaluation{0.25, 0.9, 0.3, 0.8};
    readouts.refresh(&history, 1000, &status);
    QCOMPARE(loss->text(), formatNumber(0.25));
    QVERIFY2(loss->toolTip().endsWith("of step 2,000"), qPrintable(loss->toolTip()));
    QCOMPARE(readouts.findChild<NumberLabel*>("run-A-test-accuracy")->text(), formatShare(0.8));

    // Long ago for how far it is, though the next evaluation is not due.
    const History::Sample later{2999, 0.2};
    history.push({"train_loss"}, {&later, 1});
    readouts.refresh(&history, 10'000);
    QCOMPARE(loss->text(), formatNumber(0.4));
    QVERIFY(loss->isQuiet());
    QVERIFY2(loss->toolTip().contains("of step 1,000, long past"), qPrintable(loss->toolTip()));
}

void RunColumnsReadingsTest::aRunThatDivergedKeepsItsLastFiniteNumbers() {
    QVERIFY(session_->train(6));
    const auto history = session_->history(session_->idOf("Plain"));
    const QString before = formatNumber(history->lastValue({"train_loss_full"}));
    const History::Sample bad{6, std::numeric_limits<double>::infinity()};
    history->push({"train_loss_full"}, {&bad, 1});
    columns_->column(session_->idOf("Plain"))->refresh();
    QCOMPARE(find<NumberLabel>("run-Plain-loss")->text(), before);
    QVERIFY(find<NumberLabel>("run-Plain-loss")->toolTip().endsWith("step 5"));
}

void RunColumnsReadingsTest::aBatchOfOneIsSaidWhereBatchNormalizationMeetsIt() {
    session_->open(preset("xor_batch_1"), false);
    session_->laboratory().wait();
    QCOMPARE(session_->experiment().batchSize, 1);
    QVERIFY(session_->train(1));
    for (const RunSpec& run : session_->experiment().runs) {
        columns_->column(run.id)->refresh();
        const QString name = QString::fromStdString(run.name);
        auto* banner = find<QWidget>(QStringLiteral("run-%1-banner").arg(name));
        const bool normalized = run.normalization.method == "batch_norm";
        QCOMPARE(banner->isVisible(), normalized);
        if (normalized)
            QVERIFY(find<QLabel>(QStringLiteral("run-%1-state").arg(name))->text().startsWith("N = 1"));
    }
}

QTEST_MAIN(RunColumnsReadingsTest)
#include "run_columns_readings_test.moc"
