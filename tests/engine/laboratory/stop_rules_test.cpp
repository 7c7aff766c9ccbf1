// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/stop_rules.h"

#include <QTest>
#include <cmath>

using namespace kappascope;

class StopRulesTest : public QObject {
    Q_OBJECT
private slots:
    void findsTheStepOfAnEpoch() {
        BatchPlan plan(100, 30, 1); // 3 steps an epoch
        QCOMPARE(firstStepAtEpoch(plan, 0), 0);
        QCOMPARE(firstStepAtEpoch(plan, 1), 3);
        QCOMPARE(firstStepAtEpoch(plan, 2.5), 8);
        plan.changeBatchSize(4, 10); // at 1 1/3 epochs: 10 steps each from there
        QCOMPARE(firstStepAtEpoch(plan, 1), 3);
        QCOMPARE(firstStepAtEpoch(plan, 2), 11);
    }

    void theSmallerOfStepsAndEpochsCounts() {
        const BatchPlan plan(100, 10, 1);
        QCOMPARE(StopRules({}, plan).lastStep, 0);
        QCOMPARE(StopRules({.steps = 50}, plan).lastStep, 50);
        QCOMPARE(StopRules({.epochs = 3}, plan).lastStep, 30);
        QCOMPARE(StopRules({.steps = 20, .epochs = 3}, plan).lastStep, 20);
        StopTracker tracker;
        const StopRules rules({.steps = 50, .epochs = 3}, plan);
        QVERIFY(tracker.reasonToStop(rules, 29).empty());
        QCOMPARE(tracker.reasonToStop(rules, 30), std::string("Reached the limit of 3 epochs."));
        QCOMPARE(tracker.reasonToStop(StopRules({.steps = 10'001}, plan), 10'001),
                 std::string("Reached the limit of 10,001 steps."));
    }

    void divergesOnLossesThatAreNotFiniteOrFarAboveTheFirst() {
        StopTracker tracker;
        const StopSpec spec{.divergenceFactor = 10};
        QVERIFY(!tracker.hasDiverged(1e9, spec)); // the first one
        tracker.seeStep(0.5);
        QVERIFY(!tracker.hasDiverged(5, spec));
        QVERIFY(tracker.hasDiverged(5.1, spec));
        QVERIFY(tracker.hasDiverged(std::nan(""), spec));
        QVERIFY(tracker.hasDiverged(HUGE_VAL, StopSpec{.divergenceFactor = 0}));
        QVERIFY(!tracker.hasDiverged(1e300, StopSpec{.divergenceFactor = 0}));
    }

    void waitsForANewMinimumOfTheTestLoss() {
        const StopRules rules({.patience = 3}, BatchPlan(10, 1, 1));
        StopTracker tracker;
        const double losses[] = {5, 4, 4.5, 4, 3, 3.5, std::nan("")};
        for (int i = 0; i < 7; ++i) {
            tracker.seeTrainLoss(i, -i); // falls all the time
            tracker.seeTestLoss(i, losses[i]);
            QVERIFY(tracker.reasonToStop(rules, i).empty());
        }
        tracker.seeTestLoss(7, 3);
        QVERIFY(
            QString::fromStdString(tracker.reasonToStop(rules, 8)).contains("test loss below 3 (step 4)"));
        tracker.seeTestLoss(8, 2); // goes on after all
        QVERIFY(tracker.reasonToStop(rules, 9).empty());
    }

    void watchesTheTrainingLossWithoutATestSet() {
        const StopRules rules({.patience = 2}, BatchPlan(10, 1, 1));
        StopTracker tracker;
        for (int i = 0; i < 3; ++i)
            tracker.seeTrainLoss(i, 1);
        QVERIFY(QString::fromStdString(tracker.reasonToStop(rules, 3)).contains("training loss"));
    }

    void stopsAtTheTargetLoss() {
        const StopRules rules({.targetLoss = 0.1}, BatchPlan(10, 1, 1));
        StopTracker tracker;
        QVERIFY(tracker.reasonToStop(rules, 0).empty());
        tracker.seeTrainLoss(0, 0.11);
        QVERIFY(tracker.reasonToStop(rules, 1).empty());
        tracker.seeTrainLoss(5, 0.1);
        QVERIFY(QString::fromStdString(tracker.reasonToStop(rules, 6)).contains("0.1 at step 5"));
    }
};

QTEST_APPLESS_MAIN(StopRulesTest)
#include "stop_rules_test.moc"
