// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/columns_of_runs.h"
#include "ui/panels/run/editable_name.h"
#include "ui/panels/run/rate_field.h"
#include "ui/panels/run/run_column.h"
#include "ui/widgets/switch_button.h"

#include <QSignalSpy>
#include <QToolButton>
#include <limits>
#include <set>

using namespace kappascope;
using namespace kappascope::ui;

/// Every control of a column, clicked, and what the session and the laboratory have of it.
class RunColumnsTest : public test::ColumnsOfRuns {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void init() { open(); }
    void cleanup() { close(); }

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
};

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

QTEST_MAIN(RunColumnsTest)
#include "run_columns_test.moc"
