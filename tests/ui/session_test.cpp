// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session.h"

#include "tests/support/files.h"
#include "tests/support/window_sandbox.h"
#include "ui/edit_command.h"

#include <QSignalSpy>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;
using test::settle;

namespace {

constexpr std::int64_t farOff = 1'000'000'000; // not reached within a test

} // namespace

class SessionTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        session_ = std::make_unique<Session>(test::oneThread);
        session_->open(test::smallExperiment(), false);
        QVERIFY(settle(*session_));
    }
    void cleanup() { session_.reset(); }

    void anEditReachesTheLaboratory() {
        QVERIFY(session_->change("rate", [](Experiment& e) { e.learningRate = 0.02; }));
        session_->laboratory().wait();
        QCOMPARE(session_->laboratory().experiment().learningRate, 0.02);
        QCOMPARE(session_->laboratory().experiment(), session_->experiment());
    }

    void undoAndRedoReachTheLaboratory() {
        const Experiment before = session_->experiment();
        session_->change("rate", [](Experiment& e) { e.learningRate = 0.02; });
        session_->undoStack()->undo();
        session_->laboratory().wait();
        QCOMPARE(session_->laboratory().experiment(), before);
        session_->undoStack()->redo();
        session_->laboratory().wait();
        QCOMPARE(session_->laboratory().experiment().learningRate, 0.02);
    }

    void editsOfOneDragAreOneUndo() {
        for (const double rate : {0.2, 0.15, 0.1})
            session_->change(
                "rate", [rate](Experiment& e) { e.learningRate = rate; }, "rate");
        QCOMPARE(session_->undoStack()->count(), 1);
        session_->laboratory().wait();
        QCOMPARE(session_->laboratory().experiment().learningRate, 0.1);
        session_->undoStack()->undo();
        QCOMPARE(session_->experiment().learningRate, test::smallExperiment().learningRate);
    }

    void editsOfTwoDragsAreTwoUndos() {
        session_->change(
            "rate", [](Experiment& e) { e.learningRate = 0.1; }, "rate");
        session_->change(
            "batch", [](Experiment& e) { e.batchSize = 4; }, "batch");
        QCOMPARE(session_->undoStack()->count(), 2);
    }

    void aDragBackToWhereItBeganLeavesNothingToUndo() {
        const double before = session_->experiment().learningRate;
        session_->change(
            "rate", [](Experiment& e) { e.learningRate = 0.1; }, "rate");
        session_->change(
            "rate", [=](Experiment& e) { e.learningRate = before; }, "rate");
        QCOMPARE(session_->undoStack()->count(), 0);
    }

    void anInvalidEditIsRefusedAndChangesNothing() {
        const Experiment before = session_->experiment();
        QSignalSpy refused(session_.get(), &Session::editRefused);
        QVERIFY(!session_->change("rate", [](Experiment& e) { e.learningRate = -1; }));
        QCOMPARE(refused.size(), 1);
        QVERIFY(refused[0][0].toString().contains("learning_rate"));
        QCOMPARE(session_->experiment(), before);
        QCOMPARE(session_->undoStack()->count(), 0);
    }

    void dataThatCannotBeLoadedLeaveTheOldOnesInForce() {
        const Experiment before = session_->experiment();
        QSignalSpy failed(session_.get(), &Session::failed);
        for (int attempt = 1; attempt <= 2; ++attempt) { // the second failure reads like the first
            QVERIFY(session_->change("data", [](Experiment& e) {
                e.data.set = "csv";
                e.data.path = "/nowhere/at/all.csv";
            }));
            QTRY_COMPARE(failed.size(), attempt);
            QVERIFY(failed.back()[0].toString().contains("/nowhere/at/all.csv"));
            QCOMPARE(session_->experiment(), before);
            QCOMPARE(session_->laboratory().experiment(), before);
            QCOMPARE(session_->undoStack()->count(), 0);
        }
        session_->step(3);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 3);
    }

    void aLossThatTheFileLeavesOutIsThatOfItsData() {
        const test::Folder folder;
        Experiment table = test::smallExperiment();
        table.loss = {};
        table.data = {};
        table.data.set = "csv";
        table.data.path = folder.write("numbers.csv", "1,2.5\n2,3.25\n3,5.5\n4,6.75\n5,8\n6,9.5\n").string();
        session_->open(table, false);
        QVERIFY(settle(*session_));
        QTRY_COMPARE(session_->experiment().loss.method, std::string("mean_squared_error"));
        QVERIFY(session_->isSettled());
    }

    void aNewRunHasAFreeNameAndAnIdOfItsOwn() {
        const int first = session_->addRun(), second = session_->addRun();
        QVERIFY(first != second && first != 0);
        QCOMPARE(session_->run(first)->name, std::string("Plain 2"));
        QCOMPARE(session_->run(second)->name, std::string("Plain 3"));
        QCOMPARE(session_->selectedRun(), second);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->laboratory().status().runs.size(), std::size_t{5});
    }

    void aForkGoesOnFromTheStateOfItsOriginal() {
        session_->step(20);
        QVERIFY(settle(*session_));
        const int original = session_->experiment().runs.back().id;
        const int fork = session_->duplicateRun(original);
        QCOMPARE(session_->run(fork)->forkOf, session_->run(original)->name);
        QVERIFY(settle(*session_));
        session_->step(10);
        QVERIFY(settle(*session_));
        const auto a = session_->laboratory().weights(original), b = session_->laboratory().weights(fork);
        QCOMPARE(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
            QCOMPARE(a[i].values, b[i].values);
    }

    void aRemovedRunComesBackByUndo() {
        const int removed = session_->experiment().runs[1].id;
        session_->selectRun(removed);
        session_->removeRun(removed);
        QVERIFY(!session_->run(removed));
        QVERIFY(session_->run(session_->selectedRun()));
        session_->undoStack()->undo();
        QVERIFY(session_->run(removed));
        QCOMPARE(session_->positionOf(removed), 1);
    }

    void runsKeepTheirColoursWhenOthersComeAndGo() {
        const auto color = [this](int id) {
            return Theme::instance().runColor(session_->run(id)->color, session_->positionOf(id), false);
        };
        const int first = session_->experiment().runs[0].id, last = session_->experiment().runs[2].id;
        const QColor freed = color(first), before = color(last);
        session_->removeRun(first);
        QCOMPARE(color(last), before);
        QCOMPARE(color(session_->addRun()), freed);
        QCOMPARE(color(last), before);
    }

    void stepsAndEpochsTrainAndPause() {
        session_->change("batch", [](Experiment& e) { e.batchSize = 10; });
        session_->step(2);
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 2);
        QVERIFY(!session_->isPlaying());
        session_->stepEpoch();
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().epoch, 1.0);
        session_->reset();
        QVERIFY(settle(*session_));
        QCOMPARE(session_->status().step, 0);
    }

    void playTogglesEvenBeforeTheLaboratoryAnswers() {
        session_->togglePlay();
        QVERIFY(session_->isPlaying());
        session_->togglePlay();
        QVERIFY(!session_->isPlaying());
        session_->togglePlay();
        QTRY_VERIFY(session_->status().step > 0);
        QVERIFY(session_->isPlaying());
    }

    void aRunThatStopsByItselfIsSeenAsPaused() {
        session_->change("stop", [](Experiment& e) { e.stop.steps = 5; });
        session_->play();
        QTRY_VERIFY(session_->status().step == 5 && !session_->isPlaying());
    }

    void aNewSeedIsAnotherExperimentAndCanBeUndone() {
        const SeedSpec before = session_->experiment().seed;
        session_->newSeed();
        QVERIFY(!(session_->experiment().seed == before));
        session_->undoStack()->undo();
        QCOMPARE(session_->experiment().seed, before);
    }

    void aReplayedSessionGivesTheSameBits() {
        session_->step(10);
        QVERIFY(settle(*session_));
        session_->changeRun(session_->experiment().runs[0].id, "rate",
                            [](RunSpec& run) { run.learningRate = 0.01; });
        session_->step(10);
        QVERIFY(settle(*session_));
        const std::string signature = session_->laboratory().signature();
        const Session::Log log = session_->log();
        QCOMPARE(log.changes.size(), std::size_t{1});

        Session other(test::oneThread);
        QSignalSpy changed(&other, &Session::experimentChanged);
        other.openReplayed(log.start, log.changes, log.step, false);
        QVERIFY(settle(other));
        QCOMPARE(other.status().step, 20);
        QCOMPARE(other.laboratory().signature(), signature);
        QCOMPARE(other.experiment().runs[0].learningRate, std::optional(0.01));
        QVERIFY(!changed.isEmpty());
    }

    void aReplayedSessionGoesOnWhenItWasPlaying() {
        Session other(test::oneThread);
        other.openReplayed(test::smallExperiment(), {}, 10, true);
        QTRY_VERIFY(other.status().step > 10);
        QVERIFY(other.isPlaying());
    }

    void editsAreRefusedWhileASessionIsReplayed() {
        Experiment after = test::smallExperiment();
        after.learningRate = 0.02;
        session_->openReplayed(test::smallExperiment(), {{farOff - 1, "rate", after}}, farOff, false);
        QTRY_VERIFY(session_->status().step > 0);
        const Experiment before = session_->experiment();
        QSignalSpy refused(session_.get(), &Session::editRefused);
        QVERIFY(!session_->change("batch", [](Experiment& e) { e.batchSize = 3; }));
        QCOMPARE(session_->addRun(), 0);
        QCOMPARE(refused.size(), 2);
        QVERIFY(refused[0][0].toString().contains("replayed to step"));
        QCOMPARE(session_->experiment(), before);
        QCOMPARE(session_->log().changes.size(), std::size_t{1});
        QCOMPARE(session_->log().step, farOff);
        QVERIFY(session_->isSettled());
        QVERIFY(!session_->goesOn()); // though it trains
    }

    void aReplayThatIsStoppedIsTheSessionUpToThere() {
        Experiment after = test::smallExperiment();
        after.learningRate = 0.02;
        session_->openReplayed(test::smallExperiment(), {{farOff - 1, "rate", after}}, farOff, true);
        QTRY_VERIFY(session_->status().step > 0);
        session_->stopReplay();
        QTRY_COMPARE(session_->status().replayTo, 0);
        QCOMPARE(session_->experiment(), session_->laboratory().experiment());
        QVERIFY(session_->experiment().learningRate != 0.02);
        QVERIFY(!session_->undoStack()->isClean());
        QTRY_VERIFY(!session_->isPlaying());
        QVERIFY(session_->change("batch", [](Experiment& e) { e.batchSize = 3; }));
    }

    void whatCannotBeOpenedStartsNothing() {
        session_->step(5);
        QVERIFY(settle(*session_));
        Experiment broken = test::smallExperiment();
        broken.data.set = "csv";
        broken.data.path = "/nowhere/at/all.csv";
        for (const std::int64_t step : {0, 10}) {
            QSignalSpy failed(session_.get(), &Session::failed);
            session_->openReplayed(broken, {}, step, true);
            QTRY_COMPARE(failed.size(), 1);
            QTest::qWait(100);
            QVERIFY(!session_->isPlaying());
            QVERIFY(!session_->laboratory().status().playing);
            QCOMPARE(session_->status().step, 5);
        }
        session_->step(10); // not taken for the end of the replay
        QVERIFY(settle(*session_));
        QTest::qWait(100);
        QCOMPARE(session_->status().step, 15);
        QVERIFY(!session_->isPlaying());
    }

    void restartsAreTold() {
        QSignalSpy restarted(session_.get(), &Session::restarted);
        session_->change("seed", [](Experiment& e) { e.seed.weights = 99; });
        QTRY_COMPARE(restarted.size(), 1);
    }

    void nothingTicksWhileNobodyLooks() {
        session_->play();
        QSignalSpy ticked(session_.get(), &Session::ticked);
        QTRY_VERIFY(ticked.size() > 3);
        session_->setWatched(false);
        ticked.clear();
        QTest::qWait(200);
        QCOMPARE(ticked.size(), 0);
        session_->setWatched(true);
        QTRY_VERIFY(ticked.size() > 3);
    }

    void nothingTicksWhileNothingMoves() {
        QSignalSpy ticked(session_.get(), &Session::ticked);
        // Snapshots on their way keep it awake for half a second; then it looks every half second, and a look
        // that finds nothing is no tick.
        constexpr int severalLooks = 1200; // ms
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     ticked.clear();
                                     QTest::qWait(severalLooks);
                                     return ticked.isEmpty();
                                 }()),
                                 4 * severalLooks);
        session_->step();
        QTRY_VERIFY(!ticked.isEmpty());
    }

    void textsOfADragAreJoined() {
        QCOMPARE(joinedTexts("rate 0.1 → 0.2", "rate 0.2 → 0.3"), QString("rate 0.1 → 0.3"));
        QCOMPARE(joinedTexts("hide A", "hide B"), QString("hide B"));
    }

private:
    test::WindowSandbox sandbox_;
    std::unique_ptr<Session> session_;
};

QTEST_MAIN(SessionTest)
#include "session_test.moc"
