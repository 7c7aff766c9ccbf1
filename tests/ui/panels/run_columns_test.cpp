// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_columns.h"

#include "tests/support/session_test.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_column.h"
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
    void thePictureIsThatOfTheLastStep();
    void thePictureSuitsTheData();
    void allColumnsShowTheChosenPicture();
    void aRunThatDivergesSaysSoAndRestartsAtHalfTheRate();
    void sixteenRunsAreAllWithinReach();

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
    for (int runs = 3; runs < maximumRuns; ++runs) {
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
    QVERIFY2(tip.contains("measured at step"), qPrintable(tip));
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
    while (session_->experiment().runs.size() < maximumRuns)
        session_->addRun();
    QWidget* content = columns_->widget();
    for (const RunSpec& run : session_->experiment().runs) {
        const QRect place = columns_->column(run.id)->geometry();
        QVERIFY(content->rect().contains(place));
        QVERIFY(place.width() >= columns_->column(run.id)->minimumSizeHint().width());
    }
    session_->selectRun(session_->experiment().runs.back().id);
    const QRect last = columns_->column(session_->selectedRun())->geometry().translated(content->pos());
    QVERIFY2(columns_->viewport()->rect().contains(last.center()), "the selected run is scrolled into sight");
}

QTEST_MAIN(RunColumnsTest)
#include "run_columns_test.moc"
