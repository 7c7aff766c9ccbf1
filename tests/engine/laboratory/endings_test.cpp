// SPDX-License-Identifier: GPL-3.0-or-later
// How runs end: by a stop rule, or by diverging.
#include "tests/support/laboratory.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

QString whyOf(const Laboratory& laboratory, int id) {
    return QString::fromStdString(statusOf(laboratory, id).why);
}

/// Squared error at a learning rate far beyond 2/lambda: the loss multiplies every step.
Experiment divergingExperiment() {
    Experiment experiment = smallExperiment();
    experiment.loss = methodOf(lossCatalog(), "mean_squared_error");
    experiment.runs.resize(2);
    experiment.runs[0].learningRate = 1e3;
    return experiment;
}

bool allFinite(Laboratory& laboratory, int run) {
    for (const auto& tensor : laboratory.weights(run))
        for (const double value : tensor.values)
            if (!std::isfinite(value)) return false;
    return true;
}

} // namespace

class EndingsTest : public QObject {
    Q_OBJECT
private slots:
    void aDivergedRunStopsAndTheOthersGoOn_data() {
        QTest::addColumn<bool>("single");
        QTest::addColumn<double>("factor");
        QTest::newRow("far above the first loss") << false << 1e6;
        QTest::newRow("not finite") << false << 0.0;
        QTest::newRow("not finite, float32") << true << 0.0;
    }

    void aDivergedRunStopsAndTheOthersGoOn() {
        QFETCH(bool, single);
        QFETCH(double, factor);
        Experiment experiment = divergingExperiment();
        if (single) experiment.precision = Precision::Float32;
        experiment.stop.divergenceFactor = factor;
        Laboratory laboratory(experiment);
        step(laboratory, 400);
        const RunStatus diverged = statusOf(laboratory, 1);
        QVERIFY(diverged.state == RunState::Diverged);
        QVERIFY(diverged.step < 400);
        QVERIFY(allFinite(laboratory, 1));
        QCOMPARE(statusOf(laboratory, 2).step, 400);
        QVERIFY(statusOf(laboratory, 2).state == RunState::Training);
        QCOMPARE(laboratory.status().step, 400);

        // The failure shows two steps on: one step led there, the next one saw it.
        const std::int64_t failed = diverged.step + 1;
        QCOMPARE(laboratory.history(1)->lastStep({"train_loss"}), failed);
        const double last = laboratory.history(1)->lastValue({"train_loss"});
        QVERIFY(factor == 0 ? !std::isfinite(last)
                            : last > factor * laboratory.history(1)->at({"train_loss"}, 0).mean);
        const QString why = whyOf(laboratory, 1);
        QVERIFY2(why.contains("Diverged at step " + QString::number(failed)), qPrintable(why));
        QVERIFY2(why.contains("learning rate 1000") && why.contains("gradient's norm"), qPrintable(why));
        QVERIFY2(why.contains("before step " + QString::number(diverged.step) + '.'), qPrintable(why));
        QVERIFY2(why.contains("half the learning rate (500)"), qPrintable(why));
    }

    /// The state is the one that a run of just so many steps has.
    void aDivergedRunStandsAtItsLastFiniteState() {
        Laboratory laboratory(divergingExperiment());
        step(laboratory, 100);
        const std::int64_t stands = statusOf(laboratory, 1).step;
        const auto weights = laboratory.weights(1);
        Laboratory again(divergingExperiment());
        step(again, stands);
        const auto expected = again.weights(1);
        for (std::size_t i = 0; i < weights.size(); ++i)
            QVERIFY(weights[i].values == expected[i].values);
    }

    void divergingLateReturnsToThatStep() {
        // States are kept every so often: what lies between is repeated.
        Laboratory laboratory(divergingExperiment());
        edit(laboratory, "tame", [](Experiment& e) { e.runs[0].learningRate = 1e-3; });
        step(laboratory, 1230);
        edit(laboratory, "slowly now", [](Experiment& e) {
            e.runs[0].learningRate = 1.2;
            e.runs[0].schedule =
                methodOf(scheduleCatalog(), "step", {{"every", std::int64_t{100}}, {"factor", 2.0}});
        });
        step(laboratory, 3000);
        const RunStatus diverged = statusOf(laboratory, 1);
        QVERIFY(diverged.state == RunState::Diverged);
        Laboratory replayed(defaultExperiment());
        replayed.replay(laboratory.start(), laboratory.changes(), diverged.step);
        replayed.wait();
        const auto weights = laboratory.weights(1), expected = replayed.weights(1);
        for (std::size_t i = 0; i < weights.size(); ++i)
            QVERIFY(weights[i].values == expected[i].values);
    }

    void aDivergedRunGetsAnotherChance() {
        Laboratory laboratory(divergingExperiment());
        step(laboratory, 50);
        QVERIFY(statusOf(laboratory, 1).state == RunState::Diverged);
        edit(laboratory, "the other's colour", [](Experiment& e) { e.runs[1].color = "#000000"; });
        QVERIFY(statusOf(laboratory, 1).state == RunState::Diverged);
        edit(laboratory, "tame", [](Experiment& e) { e.runs[0].learningRate = 1e-6; });
        QVERIFY(statusOf(laboratory, 1).state == RunState::Training);
        QCOMPARE(statusOf(laboratory, 1).step, 50); // it has caught up
        QVERIFY(statusOf(laboratory, 1).why.empty());
        step(laboratory, 10);
        QCOMPARE(laboratory.history(1)->lastStep({"train_loss"}), 59);
        const auto steps = seriesOf(laboratory, 1, {"train_loss"}).first;
        QVERIFY(std::ranges::is_sorted(steps) && std::ranges::adjacent_find(steps) == steps.end());
    }

    void trainingEndsWhenAllHaveDiverged() {
        Experiment experiment = divergingExperiment();
        experiment.runs.resize(1);
        Laboratory atOnce(experiment), stepwise(experiment);
        step(atOnce, 1000);
        QVERIFY(!atOnce.status().playing);
        for (int i = 0; i < 20; ++i)
            step(stepwise, 1);
        QCOMPARE(stepwise.status().step, atOnce.status().step);
        QCOMPARE(stepwise.signature(), atOnce.signature());
        QVERIFY(stepwise.status().step < 20);
    }

    void stopsAfterSteps() {
        Experiment experiment = smallExperiment();
        experiment.stop.steps = 25;
        Laboratory laboratory(experiment);
        laboratory.send(command::Play{});
        while (laboratory.status().playing || laboratory.status().step == 0)
            std::this_thread::yield();
        QCOMPARE(laboratory.status().step, 25);
        for (const RunStatus& run : laboratory.status().runs) {
            QVERIFY(run.state == RunState::Finished);
            QCOMPARE(run.step, 25);
            QCOMPARE(run.why, std::string("Reached the limit of 25 steps."));
        }
    }

    void stopsAfterEpochs() {
        Experiment experiment = smallExperiment();
        experiment.stop.epochs = 3.4; // 5 steps each
        Laboratory laboratory(experiment);
        step(laboratory, 100);
        QCOMPARE(laboratory.status().step, 17);
        QVERIFY(whyOf(laboratory, 1).contains("3.4 epochs"));
    }

    void stopsAtTheTargetLossEachRunForItself() {
        Experiment experiment = smallExperiment();
        experiment.stop.targetLoss = 0.3;
        Laboratory laboratory(experiment);
        step(laboratory, 300);
        const RunStatus quick = statusOf(laboratory, 5), slow = statusOf(laboratory, 1);
        QVERIFY(quick.state == RunState::Finished);
        QVERIFY(slow.state == RunState::Training);
        QVERIFY(whyOf(laboratory, 5).contains("Reached the target"));
        const auto [steps, losses] = seriesOf(laboratory, 5, {"train_loss_full"});
        QCOMPARE(quick.step, steps.back() + 1);
        QVERIFY(losses.back() <= 0.3);
        for (std::size_t i = 0; i + 1 < losses.size(); ++i)
            QVERIFY(losses[i] > 0.3);
    }

    void stopsWhenPatienceRunsOut() {
        Experiment experiment = smallExperiment();
        experiment.stop.patience = 3;
        experiment.runs.resize(1);
        Laboratory laboratory(experiment);
        step(laboratory, 5000);
        const RunStatus run = statusOf(laboratory, 1);
        QVERIFY(run.state == RunState::Finished);
        QVERIFY(whyOf(laboratory, 1).contains("Out of patience"));
        const auto [steps, losses] = seriesOf(laboratory, 1, {"test_loss"});
        const double least = *std::ranges::min_element(losses);
        QCOMPARE(std::ranges::find(losses, least) - losses.begin(),
                 static_cast<std::ptrdiff_t>(losses.size()) - 4);
        QCOMPARE(run.step, steps.back() + 1);
    }

    void aFinishedRunGoesOnWhenTheRuleIsLifted() {
        Experiment limited = smallExperiment();
        limited.stop.steps = 20;
        Laboratory laboratory(limited), free(smallExperiment());
        step(laboratory, 50);
        QCOMPARE(laboratory.status().step, 20);
        edit(laboratory, "more steps", [](Experiment& e) { e.stop.steps = 50; });
        QVERIFY(statusOf(laboratory, 1).state == RunState::Training);
        step(laboratory, 50);
        QCOMPARE(laboratory.status().step, 50);
        step(free, 50);
        QCOMPARE(laboratory.signature(), free.signature());
        edit(laboratory, "fewer", [](Experiment& e) { e.stop.steps = 30; });
        QVERIFY(statusOf(laboratory, 1).state == RunState::Finished); // at once
        QCOMPARE(statusOf(laboratory, 1).step, 50);
    }

    void aFinishedRunThatGoesOnCatchesUp() {
        Experiment experiment = smallExperiment();
        experiment.stop.targetLoss = 0.3;
        Laboratory laboratory(experiment), free(smallExperiment());
        step(laboratory, 300);
        QVERIFY(statusOf(laboratory, 5).step < 300);
        edit(laboratory, "no target", [](Experiment& e) { e.stop.targetLoss = 0; });
        for (const RunStatus& run : laboratory.status().runs)
            QCOMPARE(run.step, 300);
        step(free, 300);
        QCOMPARE(laboratory.signature(), free.signature());
    }

    void aForkOfAnEndedRunEndsLikeIt() {
        Laboratory laboratory(divergingExperiment());
        step(laboratory, 50);
        edit(laboratory, "fork", [](Experiment& e) {
            e.runs.push_back(e.runs[0]);
            e.runs.back().id = 9;
            e.runs.back().name = "Fork";
            e.runs.back().forkOf = "Plain";
        });
        QVERIFY(statusOf(laboratory, 9).state == RunState::Diverged);
        QCOMPARE(statusOf(laboratory, 9).why, statusOf(laboratory, 1).why);
        edit(laboratory, "tame the fork", [](Experiment& e) { e.runs.back().learningRate = 1e-6; });
        QVERIFY(statusOf(laboratory, 9).state == RunState::Training);
        QVERIFY(statusOf(laboratory, 1).state == RunState::Diverged);
    }
};

QTEST_APPLESS_MAIN(EndingsTest)
#include "endings_test.moc"
