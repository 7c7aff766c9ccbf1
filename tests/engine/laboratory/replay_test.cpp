// SPDX-License-Identifier: GPL-3.0-or-later
// How a replay stands while it is under way, and how it ends before its time.
#include "engine/data/data_catalog.h"
#include "engine/laboratory/lockstep.h"
#include "tests/support/endless_pipe.h"
#include "tests/support/files.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <atomic>
#include <memory>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr std::int64_t farOff = 1'000'000'000; // not reached within a test

Experiment withRate(double rate) {
    Experiment experiment = smallExperiment();
    experiment.learningRate = rate;
    return experiment;
}

Experiment withoutData() {
    Experiment experiment = smallExperiment();
    experiment.data.set = "csv";
    experiment.data.parameters = Parameters(dataCatalog().at("csv"));
    experiment.data.path = "/no/such/file.csv";
    return experiment;
}

/// Data that are read until somebody cancels it.
Experiment withEndlessTable(const EndlessPipe& pipe) {
    Experiment experiment = smallExperiment();
    experiment.name = "endless";
    experiment.data = {};
    experiment.data.set = "csv";
    experiment.data.path = pipe.path().string();
    return experiment;
}

Laboratory::Log longLog() {
    return {smallExperiment(), {{5, "rate", withRate(0.05)}, {farOff - 1, "late", withRate(0.02)}}, farOff};
}

void reach(const Laboratory& laboratory, std::int64_t step) {
    while (laboratory.status().step < step)
        std::this_thread::yield();
}

} // namespace

class ReplayTest : public QObject {
    Q_OBJECT
private slots:
    void theWholeLogIsThereAtOnceAndUnderWay() {
        Laboratory laboratory(smallExperiment());
        laboratory.wait();
        laboratory.replay(longLog());
        for (int look = 0; look < 2; ++look) {
            QCOMPARE(laboratory.log().changes.size(), 2U);
            QCOMPARE(laboratory.log().step, farOff);
            QCOMPARE(laboratory.status().replayTo, farOff);
            reach(laboratory, 10);
        }
        laboratory.send(command::Pause{}); // delays it only
        laboratory.signature();
        QCOMPARE(laboratory.log().step, farOff);
        QCOMPARE(laboratory.changes().size(), 1U); // those made so far
    }

    void afterItsEndTheLogIsThatOfTheTraining() {
        Laboratory laboratory(smallExperiment());
        laboratory.replay({smallExperiment(), {{5, "rate", withRate(0.05)}}, 20});
        laboratory.wait();
        QCOMPARE(laboratory.status().replayTo, 0);
        step(laboratory, 4);
        QCOMPARE(laboratory.log().step, 24);
        QCOMPARE(laboratory.log().changes.size(), 1U);
    }

    void goesOnWhenAskedTo() {
        Laboratory laboratory(smallExperiment());
        laboratory.replay({smallExperiment(), {{5, "rate", withRate(0.05)}}, 20}, true);
        laboratory.wait(); // for the replay alone
        reach(laboratory, 21);
        QVERIFY(laboratory.status().playing);
        QCOMPARE(laboratory.status().replayTo, 0);
        QCOMPARE(laboratory.changes().size(), 1U);
    }

    void whatCannotBeSetUpLeavesTheTrainingAsItWas_data() {
        QTest::addColumn<bool>("playing");
        QTest::newRow("paused") << false;
        QTest::newRow("playing") << true;
    }
    void whatCannotBeSetUpLeavesTheTrainingAsItWas() {
        QFETCH(bool, playing);
        Laboratory laboratory(smallExperiment());
        step(laboratory, 7);
        if (playing) laboratory.send(command::Play{});
        const std::uint64_t number = laboratory.replay({withoutData(), {}, 0}, true);
        laboratory.wait();
        const LaboratoryStatus status = laboratory.status();
        QCOMPARE(status.failures, 1U);
        QCOMPARE(status.playing, playing);
        QCOMPARE(status.replay, number - 1);
        QVERIFY(!status.opening);
        QCOMPARE(laboratory.log().start, laboratory.start());
        QVERIFY(laboratory.log().step >= 7);
        QVERIFY(playing || laboratory.log().step == 7);
    }

    void theEndDoesNotWaitForDataThatAreLoaded() {
        const Folder folder;
        const EndlessPipe pipe(folder.path() / "endless.csv", "1,2,a\n");
        {
            const Laboratory laboratory(withEndlessTable(pipe));
            pipe.waitForReader();
        } // is reached, or the test hangs
    }

    void anotherSessionDoesNotWaitForDataThatAreLoaded() {
        const Folder folder;
        const EndlessPipe pipe(folder.path() / "endless.csv", "1,2,a\n");
        Laboratory laboratory(smallExperiment());
        laboratory.wait();
        laboratory.replay({withEndlessTable(pipe), {}, 0});
        pipe.waitForReader();
        const std::uint64_t number = laboratory.replay({withRate(0.3), {}, 0});
        laboratory.wait();
        QCOMPARE(laboratory.status().failure, std::string());
        QCOMPARE(laboratory.status().replay, number);
        QCOMPARE(laboratory.experiment().learningRate, 0.3);
    }

    void aChangeThatFailsEndsItThere() {
        Laboratory laboratory(smallExperiment());
        laboratory.replay(
            {smallExperiment(),
             {{5, "rate", withRate(0.05)}, {12, "data", withoutData()}, {15, "x", withRate(0.1)}},
             40});
        laboratory.wait();
        const LaboratoryStatus status = laboratory.status();
        QCOMPARE(status.step, 12);
        QVERIFY(!status.playing);
        QCOMPARE(status.failures, 1U);
        QCOMPARE(status.replayTo, 0);
        QCOMPARE(laboratory.log().changes.size(), 1U);
        step(laboratory, 10); // no change of the replay comes after all
        QCOMPARE(laboratory.experiment().learningRate, 0.05);
    }

    void stopsWhereItIs() {
        Laboratory laboratory(smallExperiment());
        laboratory.replay(longLog());
        reach(laboratory, 10);
        laboratory.send(command::StopReplay{});
        laboratory.wait();
        const std::int64_t stopped = laboratory.status().step;
        QVERIFY(!laboratory.status().playing);
        QCOMPARE(laboratory.log().step, stopped);
        QCOMPARE(laboratory.log().changes.size(), 1U);
        step(laboratory, 3);
        QCOMPARE(laboratory.status().step, stopped + 3);
    }

    void isOverWhenNoRunTrainsAnyMore() {
        Experiment ends = smallExperiment();
        ends.stop.steps = 15;
        Laboratory laboratory(ends);
        laboratory.replay({ends, {}, 40});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 15);
        QCOMPARE(laboratory.status().replayTo, 0);
        QVERIFY2(QString::fromStdString(laboratory.status().failure).contains("step 15 of 40"),
                 laboratory.status().failure.c_str());
    }

    void aResetGoesToTheStartOfItsEnd() {
        Laboratory laboratory(smallExperiment());
        laboratory.replay(longLog());
        reach(laboratory, 10);
        laboratory.send(command::Reset{});
        laboratory.wait();
        QCOMPARE(laboratory.experiment().learningRate, 0.02);
        QCOMPARE(laboratory.status().replayTo, 0);
        QVERIFY(laboratory.log().changes.empty());
    }

    /// Start, changes and step of one instant: the rate says which belong together.
    void logsAreNotTorn() {
        Laboratory laboratory(smallExperiment());
        laboratory.wait();
        std::atomic<bool> done = false;
        int torn = 0;
        std::thread reader([&] {
            while (!done) {
                const Laboratory::Log log = laboratory.log();
                for (const Change& change : log.changes)
                    torn += change.after.seed.weights != log.start.seed.weights || change.step > log.step;
            }
        });
        for (int i = 0; i < 30; ++i) {
            step(laboratory, 3);
            edit(laboratory, "rate", [i](Experiment& e) { e.learningRate = 0.01 * (i + 1); });
            if (i % 3 == 2) edit(laboratory, "seed", [](Experiment& e) { ++e.seed.weights; });
        }
        done = true;
        reader.join();
        QCOMPARE(torn, 0);
    }

    void runsThatCannotCatchUpEndThere() {
        Lockstep lockstep({.threads = 1});
        lockstep.begin(smallExperiment(), true);
        lockstep.advance(20);
        Experiment more = lockstep.experiment();
        more.runs.push_back(more.runs[0]);
        more.runs.back().id = 9;
        more.runs.back().name = "Late";
        lockstep.edit(more, "late");
        lockstep.catchUp(3);
        QVERIFY(lockstep.catchingUp());
        lockstep.giveUpCatchingUp("out of memory");
        QVERIFY(!lockstep.catchingUp());
        const RunStatus late = lockstep.run(9)->status();
        QCOMPARE(late.step, 3);
        QCOMPARE(late.why, std::string("Could not go on after step 3: out of memory"));
        lockstep.advance(5);
        QCOMPARE(lockstep.run(1)->stepsDone(), 25);
        QCOMPARE(lockstep.run(9)->stepsDone(), 3);
    }
};

QTEST_APPLESS_MAIN(ReplayTest)
#include "replay_test.moc"
