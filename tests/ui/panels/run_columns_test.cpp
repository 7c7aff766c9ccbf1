// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_columns.h"

#include "engine/files/presets.h"
#include "tests/support/session_test.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_column.h"
#include "ui/panels/run/run_readouts.h"
#include "ui/theme/theme.h"
#include "ui/views/view_worker.h"
#include "ui/widgets/number_label.h"
#include "ui/widgets/switch_button.h"

#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QToolButton>
#include <limits>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;
using kappascope::test::PausedSession;

/// Every control of a column, clicked, and what the session and the laboratory have of it.
class RunColumnsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init();
    void cleanup();

    void everyVisibleRunHasAColumn();
    void theSwitchTurnsBatchNormalizationOnAndOff();
    void theSwitchRemembersTheRunsOwnParameters();
    void theSwitchTurnsBnpOnAndOff();
    void undoMovesTheSwitchBack();
    void theOptimizerMenuChangesTheOptimizerAlone();
    void theOptimizerMenuKnowsTheUsualAndTheBaseRate();
    void theRateIsTypedInPlace();
    void theArrowKeysMoveTheRate();
    void doubleClickRenamesInPlace();
    void aNameThatIsTakenIsRefused();
    void theMenuForksHidesAndRemoves();
    void theMenuChangesTheColour();
    void theMenuOpensTheSettings();
    void clickSelectsAndKeysActOnTheSelected();
    void theCardAddsRunsUpToTheMost();
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

private:
    template<class T>
    T* find(const QString& name) {
        T* found = columns_->findChild<T*>(name);
        if (!found) qWarning("no widget named %s", qPrintable(name));
        return found;
    }
    /// The action of a three-dot menu, filled as when it is opened.
    QAction* menuAction(const QString& run, const QString& action);
    QAction* optimizerAction(const QString& run, const QString& action);
    /// What the laboratory has after all that was asked.
    Experiment laboratoryExperiment();

    std::unique_ptr<PausedSession> session_;
    std::unique_ptr<ViewWorker> worker_;
    std::unique_ptr<RunColumns> columns_;
};

void RunColumnsTest::init() {
    session_ = std::make_unique<PausedSession>();
    worker_ = std::make_unique<ViewWorker>();
    columns_ = std::make_unique<RunColumns>(*session_, *worker_);
    columns_->resize(720, 460);
    columns_->show();
    QVERIFY(QTest::qWaitForWindowExposed(columns_.get()));
}

void RunColumnsTest::cleanup() {
    columns_.reset();
    worker_.reset();
    session_.reset();
}

QAction* RunColumnsTest::menuAction(const QString& run, const QString& action) {
    auto* button = find<QToolButton>(QStringLiteral("run-%1-menu").arg(run));
    emit button->menu()->aboutToShow();
    return button->menu()->findChild<QAction*>(action);
}

QAction* RunColumnsTest::optimizerAction(const QString& run, const QString& action) {
    auto* button = find<QToolButton>(QStringLiteral("run-%1-optimizer").arg(run));
    emit button->menu()->aboutToShow();
    return button->menu()->findChild<QAction*>(action);
}

Experiment RunColumnsTest::laboratoryExperiment() {
    session_->laboratory().wait();
    return session_->laboratory().experiment();
}

void RunColumnsTest::everyVisibleRunHasAColumn() {
    for (const char* name : {"Plain", "BN", "BNP"}) {
        RunColumn* column = columns_->column(session_->idOf(name));
        QVERIFY2(column, name);
        QCOMPARE(column->objectName(), QStringLiteral("run-%1").arg(name));
        QVERIFY(column->isVisible());
        for (const char* part : {"switch-bn", "switch-bnp", "rate", "optimizer", "menu", "name", "loss",
                                 "accuracy", "gradient", "test-loss", "test-accuracy"})
            QVERIFY(find<QWidget>(QStringLiteral("run-%1-%2").arg(name, part)));
    }
    QVERIFY(!find<SwitchButton>("run-Plain-switch-bn")->isChecked());
    QVERIFY(find<SwitchButton>("run-BN-switch-bn")->isChecked());
    QVERIFY(!find<SwitchButton>("run-BN-switch-bnp")->isChecked());
    QVERIFY(find<SwitchButton>("run-BNP-switch-bnp")->isChecked());
}

void RunColumnsTest::theSwitchTurnsBatchNormalizationOnAndOff() {
    auto* batchNorm = find<SwitchButton>("run-Plain-switch-bn");
    QTest::mouseClick(batchNorm, Qt::LeftButton);
    // With the parameters that batch normalization has elsewhere in this experiment.
    QCOMPARE(session_->named("Plain").normalization, session_->named("BN").normalization);
    QCOMPARE(laboratoryExperiment(), session_->experiment());
    QTest::mouseClick(batchNorm, Qt::LeftButton);
    QCOMPARE(session_->named("Plain").normalization.method, std::string("none"));
    QCOMPARE(laboratoryExperiment(), session_->experiment());
}

void RunColumnsTest::theSwitchRemembersTheRunsOwnParameters() {
    const int run = session_->idOf("BN");
    session_->changeRun(run, "epsilon",
                        [](RunSpec& spec) { spec.normalization.parameters.set("epsilon", 0.003); });
    const MethodSpec own = session_->named("BN").normalization;
    auto* batchNorm = find<SwitchButton>("run-BN-switch-bn");
    QTest::mouseClick(batchNorm, Qt::LeftButton);
    QTest::mouseClick(batchNorm, Qt::LeftButton);
    QCOMPARE(session_->named("BN").normalization, own);
}

void RunColumnsTest::theSwitchTurnsBnpOnAndOff() {
    auto* bnp = find<SwitchButton>("run-BN-switch-bnp"); // beside BN: the two are two catalogs
    QTest::keyClick(bnp, Qt::Key_Space);
    QCOMPARE(session_->named("BN").preconditioner, session_->named("BNP").preconditioner);
    QCOMPARE(session_->named("BN").normalization.method, std::string("batch_norm"));
    QCOMPARE(laboratoryExperiment(), session_->experiment());
    QTest::mouseClick(bnp, Qt::LeftButton);
    QCOMPARE(session_->named("BN").preconditioner.method, std::string("none"));
}

void RunColumnsTest::undoMovesTheSwitchBack() {
    const Experiment before = session_->experiment();
    auto* batchNorm = find<SwitchButton>("run-Plain-switch-bn");
    QTest::mouseClick(batchNorm, Qt::LeftButton);
    session_->undoStack()->undo();
    QVERIFY(!batchNorm->isChecked());
    QCOMPARE(session_->experiment(), before);
    session_->undoStack()->redo();
    QVERIFY(batchNorm->isChecked());
}

void RunColumnsTest::theOptimizerMenuChangesTheOptimizerAlone() {
    const double rate = session_->experiment().learningRateOf(session_->named("Plain"));
    QAction* adam = optimizerAction("Plain", "adam");
    QVERIFY(adam && !adam->isChecked());
    adam->trigger();
    QCOMPARE(session_->named("Plain").optimizer.method, std::string("adam"));
    QCOMPARE(session_->experiment().learningRateOf(session_->named("Plain")), rate);
    QCOMPARE(laboratoryExperiment(), session_->experiment());
    QVERIFY(find<QToolButton>("run-Plain-optimizer")->text().startsWith("Adam"));
    QVERIFY(optimizerAction("Plain", "adam")->isChecked());
}

void RunColumnsTest::theOptimizerMenuKnowsTheUsualAndTheBaseRate() {
    optimizerAction("Plain", "adam")->trigger();
    QVERIFY(!optimizerAction("Plain", "base-rate")->isEnabled()); // it has the base rate
    optimizerAction("Plain", "usual-rate")->trigger();
    const auto usual = session_->named("Plain").learningRate;
    QVERIFY(usual.has_value());
    QVERIFY(*usual > 0 && *usual < session_->experiment().learningRate);
    optimizerAction("Plain", "base-rate")->trigger();
    QVERIFY(!session_->named("Plain").learningRate.has_value());
}

void RunColumnsTest::theRateIsTypedInPlace() {
    auto* rate = find<RateField>("run-BN-rate");
    rate->selectAll();
    QTest::keyClicks(rate, "0.045");
    QTest::keyClick(rate, Qt::Key_Return);
    QCOMPARE(session_->named("BN").learningRate, std::optional(0.045));
    QVERIFY(!session_->named("BNP").learningRate.has_value());
    QCOMPARE(laboratoryExperiment(), session_->experiment());
    QCOMPARE(rate->text(), QStringLiteral("0.045"));
    rate->selectAll();
    QTest::keyClick(rate, Qt::Key_Delete);
    QTest::keyClick(rate, Qt::Key_Return);
    QVERIFY(!session_->named("BN").learningRate.has_value());
    QCOMPARE(rate->rate(), session_->experiment().learningRate);
}

void RunColumnsTest::theArrowKeysMoveTheRate() {
    auto* rate = find<RateField>("run-BN-rate");
    const double before = rate->rate();
    const int undoable = session_->undoStack()->count();
    for (int k = 0; k < 3; ++k)
        QTest::keyClick(rate, Qt::Key_Up);
    QCOMPARE(session_->named("BN").learningRate, std::optional(nearbyRate(before, 3)));
    QCOMPARE(session_->undoStack()->count(), undoable + 1); // one gesture
    session_->undoStack()->undo();
    QCOMPARE(rate->rate(), before);
}

void RunColumnsTest::doubleClickRenamesInPlace() {
    auto* name = find<EditableName>("run-BN-name");
    QTest::mouseDClick(name, Qt::LeftButton);
    QVERIFY(name->field()->isVisible());
    QTest::keyClicks(name->field(), "Batch norm");
    QTest::keyClick(name->field(), Qt::Key_Return);
    QVERIFY(session_->idOf("Batch norm") > 0);
    QCOMPARE(name->text(), QStringLiteral("Batch norm"));
    QVERIFY(find<SwitchButton>("run-Batch norm-switch-bn"));
    QTest::mouseDClick(name, Qt::LeftButton);
    QTest::keyClicks(name->field(), "never");
    QTest::keyClick(name->field(), Qt::Key_Escape);
    QCOMPARE(name->text(), QStringLiteral("Batch norm"));
    QVERIFY(session_->idOf("Batch norm") > 0);
}

void RunColumnsTest::aNameThatIsTakenIsRefused() {
    QSignalSpy refused(session_.get(), &Session::editRefused);
    auto* name = find<EditableName>("run-BN-name");
    name->edit();
    QTest::keyClicks(name->field(), "BNP");
    QTest::keyClick(name->field(), Qt::Key_Return);
    QCOMPARE(refused.count(), 1);
    QCOMPARE(name->text(), QStringLiteral("BN"));
    QVERIFY(session_->idOf("BN") > 0);
}

void RunColumnsTest::theMenuForksHidesAndRemoves() {
    menuAction("BN", "fork")->trigger();
    QCOMPARE(session_->experiment().runs.size(), std::size_t(4));
    QCOMPARE(session_->experiment().runs.back().forkOf, std::string("BN"));
    QVERIFY(columns_->column(session_->experiment().runs.back().id));

    const int plain = session_->idOf("Plain");
    auto* showHidden = find<QToolButton>("run-show-hidden");
    QVERIFY(!showHidden->isVisible());
    menuAction("Plain", "hide")->trigger();
    QVERIFY(session_->named("Plain").hidden);
    QVERIFY(!columns_->column(plain));
    QVERIFY(showHidden->isVisible());
    QTest::mouseClick(showHidden, Qt::LeftButton);
    QVERIFY(!session_->named("Plain").hidden);
    QVERIFY(columns_->column(plain));

    menuAction("BNP", "remove")->trigger();
    QCOMPARE(session_->idOf("BNP"), 0);
    QCOMPARE(session_->experiment().runs.size(), std::size_t(3));
    QCOMPARE(laboratoryExperiment(), session_->experiment());
}

void RunColumnsTest::theMenuChangesTheColour() {
    menuAction("BN", "color-4")->trigger();
    QCOMPARE(QString::fromStdString(session_->named("BN").color),
             Theme::instance().runColor({}, 4, false).name());
    menuAction("BN", "color-automatic")->trigger();
    QVERIFY(session_->named("BN").color.empty());
    find<RateField>("run-BN-rate")->setFocus();
    QTest::keyClick(find<RateField>("run-BN-rate"), Qt::Key_Up);
    menuAction("BN", "base-rate")->trigger();
    QVERIFY(!session_->named("BN").learningRate.has_value());
}

void RunColumnsTest::theMenuOpensTheSettings() {
    menuAction("BNP", "settings")->trigger();
    auto* settings = columns_->findChild<QWidget*>("run-settings");
    QVERIFY(settings && settings->isVisible());
    QVERIFY(settings->windowTitle().contains("BNP"));
}

void RunColumnsTest::clickSelectsAndKeysActOnTheSelected() {
    RunColumn* column = columns_->column(session_->idOf("BNP"));
    QTest::mouseClick(column, Qt::LeftButton, {}, QPoint(4, column->height() / 2));
    QCOMPARE(session_->selectedRun(), session_->idOf("BNP"));
    QTest::keyClick(column, Qt::Key_F2);
    QVERIFY(find<EditableName>("run-BNP-name")->field()->isVisible());
    QTest::keyClick(find<EditableName>("run-BNP-name")->field(), Qt::Key_Escape);
    // A click on a control of another column selects that one.
    QTest::mouseClick(find<SwitchButton>("run-BN-switch-bn"), Qt::LeftButton);
    if (QApplication::focusWidget()) QCOMPARE(session_->selectedRun(), session_->idOf("BN"));
    QTest::keyClick(column, Qt::Key_Delete);
    QCOMPARE(session_->idOf("BNP"), 0);
}

void RunColumnsTest::theCardAddsRunsUpToTheMost() {
    auto* add = find<QToolButton>("run-add");
    for (int runs = 3; runs < mostRunsByHand; ++runs) {
        QVERIFY(add->isEnabled());
        QTest::mouseClick(add, Qt::LeftButton);
        QCOMPARE(session_->experiment().runs.size(), static_cast<std::size_t>(runs + 1));
    }
    QVERIFY(!add->isEnabled());
    QCOMPARE(laboratoryExperiment(), session_->experiment());
}

void RunColumnsTest::theNumbersAreThoseOfTheHistory() {
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
void RunColumnsTest::aSingleTickReachesAllColumns() {
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

void RunColumnsTest::thePictureIsThatOfTheLastStep() {
    QVERIFY(session_->train(37));
    for (const RunSpec& run : session_->experiment().runs) {
        RunColumn* column = columns_->column(run.id);
        QTRY_VERIFY(column->view());
        QTRY_COMPARE(column->view()->shownStep(), 37);
    }
}

void RunColumnsTest::thePictureSuitsTheData() {
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

void RunColumnsTest::allColumnsShowTheChosenPicture() {
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

void RunColumnsTest::aRunThatDivergesSaysSoAndRestartsAtHalfTheRate() {
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

void RunColumnsTest::sixteenRunsAreAllWithinReach() {
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

void RunColumnsTest::eightRunsAreInSightAtOnce() {
    session_->open(preset("optimizers"), false);
    session_->laboratory().wait();
    while (session_->experiment().runs.size() < 8)
        session_->addRun();
    columns_->resize(734, 630); // the centre of a window of 1440 x 900
    QApplication::processEvents();
    QCOMPARE(columns_->horizontalScrollBar()->maximum(), 0);
    QCOMPARE(columns_->verticalScrollBar()->maximum(), 0);
}

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

void RunColumnsTest::noTextIsWiderThanItsWidget_data() {
    QTest::addColumn<std::string>("presetName");
    QTest::addColumn<QSize>("room");
    for (const char* name : {"default", "optimizers"})
        for (const int width : {540, 600, 680, 760, 820, 900, 980}) // 1100 x 700 ... 1440 x 900, docks moved
            QTest::addRow("%s in %d", name, width) << std::string(name) << QSize(width, 460);
}

void RunColumnsTest::noTextIsWiderThanItsWidget() {
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

void RunColumnsTest::allColumnsHaveOneArrangement() {
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

void RunColumnsTest::staleNumbersLookStale() {
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
    const History::Sample newest{8 + session_->status().measureEvery + 1, 0.5};
    history->push({"train_loss"}, {&newest, 1});
    column->refresh();
    QVERIFY(gradient->isQuiet());
}

void RunColumnsTest::atRestTheNumbersAreOfTheNetworkAsItStands() {
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

void RunColumnsTest::aRunThatDivergedKeepsItsLastFiniteNumbers() {
    QVERIFY(session_->train(6));
    const auto history = session_->history(session_->idOf("Plain"));
    const QString before = formatNumber(history->lastValue({"train_loss_full"}));
    const History::Sample bad{6, std::numeric_limits<double>::infinity()};
    history->push({"train_loss_full"}, {&bad, 1});
    columns_->column(session_->idOf("Plain"))->refresh();
    QCOMPARE(find<NumberLabel>("run-Plain-loss")->text(), before);
    QVERIFY(find<NumberLabel>("run-Plain-loss")->toolTip().endsWith("step 5"));
}

void RunColumnsTest::aBatchOfOneIsSaidWhereBatchNormalizationMeetsIt() {
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

QTEST_MAIN(RunColumnsTest)
#include "run_columns_test.moc"
