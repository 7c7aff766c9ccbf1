// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluations that take long beside a step: they may be cut, and what comes meanwhile need not wait for them.
#include "engine/laboratory/lockstep.h"
#include "tests/support/laboratory.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr auto onePass = Clock::duration::zero();

/// 9 million multiply-adds a pass, 11 passes an evaluation, every four steps.
Experiment longExperiment() {
    Experiment experiment = smallExperiment();
    experiment.data.samples = 2600;
    experiment.model.hidden = {180, 180};
    experiment.runs.resize(3);
    return experiment;
}

Lockstep begun(const Experiment& experiment) {
    Lockstep lockstep({.threads = 2});
    lockstep.begin(experiment, true);
    return lockstep;
}

/// Trains to `step`, evaluations cut into single passes or not cut at all.
void trainTo(Lockstep& lockstep, std::int64_t step, bool cut) {
    while (lockstep.step() < step) {
        while (cut && !lockstep.evaluateAhead(onePass))
            continue;
        lockstep.advance(step - lockstep.step());
    }
}

void compareAll(const Lockstep& a, const Lockstep& b) {
    QCOMPARE(QString::fromStdString(a.signature()), QString::fromStdString(b.signature()));
    for (const auto& run : a.runs()) {
        const auto& other = b.run(run->spec().id)->history();
        QCOMPARE(run->history()->lastStep({"train_loss_full"}), other->lastStep({"train_loss_full"}));
        for (const SeriesKey& key : run->history()->keys())
            for (std::int64_t step = 0; step <= run->history()->lastStep(key); ++step) {
                const double x = run->history()->at(key, step).mean, y = other->at(key, step).mean;
                QVERIFY2(x == y || (x != x && y != y), key.metric.c_str());
            }
    }
}

} // namespace

class LongEvaluationsTest : public QObject {
    Q_OBJECT
private slots:
    void chunksEndWhereOneIsDue() {
        Lockstep lockstep = begun(longExperiment());
        lockstep.advance(3);
        QCOMPARE(lockstep.step(), 3);
        lockstep.advance(3);
        QCOMPARE(lockstep.step(), 4); // step 4 begins with one
        lockstep.advance(30);
        QCOMPARE(lockstep.step(), 8);
    }

    void shortOnesDoNotCutChunks() {
        Lockstep lockstep = begun(smallExperiment());
        QVERIFY(lockstep.evaluateAhead(onePass)); // it is part of the step
        lockstep.advance(30);
        QCOMPARE(lockstep.step(), 30);
    }

    void cutOrNotTheyMeasureTheSame() {
        Lockstep whole = begun(longExperiment()), cut = begun(longExperiment());
        trainTo(whole, 14, false);
        trainTo(cut, 14, true);
        compareAll(whole, cut);
    }

    void noRunStepsBeforeAllHaveEvaluated() {
        Lockstep lockstep = begun(longExperiment());
        int slices = 0;
        while (!lockstep.evaluateAhead(onePass)) {
            ++slices;
            QCOMPARE(lockstep.step(), 0);
            for (const auto& run : lockstep.runs())
                QCOMPARE(run->stepsDone(), 0);
        }
        // BN's: the training set's 7 passes for the statistics of each of three layers, then both sets' 11.
        QCOMPARE(slices, 3 * 7 + 11 - 1);
    }

    /// At steps with and without an evaluation of their own, whole and given up half way.
    void whatIsEvaluatedAtRestChangesNothing() {
        Lockstep undisturbed = begun(longExperiment()), watched = begun(longExperiment());
        trainTo(undisturbed, 14, false);
        for (const std::int64_t rest : {0, 3, 4, 5, 8, 14}) {
            trainTo(watched, rest, false);
            for (int pass = 0; (rest != 5 || pass < 4) && !watched.evaluateAtRest(onePass); ++pass)
                QCOMPARE(watched.step(), rest);
        }
        compareAll(undisturbed, watched);
    }

    void evaluatedAtRestIsTheNetworkAsItStands() {
        Lockstep lockstep = begun(longExperiment());
        trainTo(lockstep, 8, false);
        QVERIFY(lockstep.evaluatedShare() < 1);
        QVERIFY(!lockstep.runs()[0]->status().evaluation);
        double share = 0;
        while (!lockstep.evaluateAtRest(onePass)) {
            QVERIFY(lockstep.evaluatedShare() >= share && lockstep.evaluatedShare() < 1);
            share = lockstep.evaluatedShare();
        }
        QVERIFY(share > 0);
        QCOMPARE(lockstep.evaluatedShare(), 1.0);
        // Step 8 is evaluated anyway: it records the very same, once.
        std::vector<Evaluation> atRest;
        for (const auto& run : lockstep.runs())
            atRest.push_back(run->status().evaluation.value());
        trainTo(lockstep, 9, false);
        for (std::size_t k = 0; k < atRest.size(); ++k) {
            const History& history = *lockstep.runs()[k]->history();
            QCOMPARE(history.at({"train_loss_full"}, 8).mean, atRest[k].trainLoss);
            QCOMPARE(history.at({"test_loss"}, 8).mean, atRest[k].testLoss);
            QVERIFY(!lockstep.runs()[k]->status().evaluation); // of before the step
        }
        QCOMPARE(lockstep.runs()[0]->history()->size({"test_loss"}), 3);
    }

    void theLaboratoryEvaluatesWhereItRests() {
        Experiment experiment = longExperiment();
        experiment.stop.steps = 6;
        Laboratory laboratory(experiment, {.threads = 2, .evaluatesAtRest = true});
        const auto evaluated = [&](std::int64_t step) {
            const LaboratoryStatus status = laboratory.status();
            return status.step == step && !status.runs.empty() &&
                   std::ranges::all_of(status.runs,
                                       [](const auto& run) { return run.evaluation.has_value(); });
        };
        QTRY_VERIFY_WITH_TIMEOUT(evaluated(0), 60'000);
        laboratory.send(command::Step{3});
        laboratory.wait(); // for the steps, not for what comes after
        QTRY_VERIFY_WITH_TIMEOUT(evaluated(3), 60'000);
        laboratory.send(command::Play{});
        QTRY_VERIFY_WITH_TIMEOUT(evaluated(6), 60'000); // the end
        QVERIFY(laboratory.status().runs[0].state == RunState::Finished);
        QVERIFY(!laboratory.status().evaluating);

        Laboratory trained(experiment, {.threads = 1});
        trained.send(command::Step{6});
        trained.wait();
        QCOMPARE(laboratory.signature(), trained.signature());
        QVERIFY(!trained.status().runs[0].evaluation); // nobody looks
    }

    /// An edit in the midst of one acts at its step, and nothing of what was begun is left.
    void editsNeedNotWait() {
        Lockstep before = begun(longExperiment()), amid = begun(longExperiment());
        for (Lockstep* lockstep : {&before, &amid})
            trainTo(*lockstep, 4, false);
        QVERIFY(!amid.evaluateAhead(onePass));
        for (Lockstep* lockstep : {&before, &amid}) {
            Experiment after = lockstep->experiment();
            after.runs[0].normalization = after.runs[1].normalization;
            after.runs[2].learningRate = 0.01;
            QVERIFY(!lockstep->mustWait(after));
            lockstep->edit(after, "switch");
            trainTo(*lockstep, 6, false);
        }
        compareAll(before, amid);
    }

    void runsThatCatchUpMeasureTheSame() {
        Lockstep whole = begun(longExperiment()), cut = begun(longExperiment());
        for (Lockstep* lockstep : {&whole, &cut}) {
            trainTo(*lockstep, 6, false);
            Experiment more = lockstep->experiment();
            more.runs.push_back(more.runs[1]);
            more.runs.back().id = 9;
            more.runs.back().name = "Late";
            lockstep->edit(more, "late");
            while (lockstep->catchingUp()) {
                while (lockstep == &cut && !lockstep->evaluateAhead(onePass))
                    continue;
                lockstep->catchUp(6);
            }
            QCOMPARE(lockstep->run(9)->stepsDone(), 6);
        }
        compareAll(whole, cut);
    }
};

QTEST_APPLESS_MAIN(LongEvaluationsTest)
#include "long_evaluations_test.moc"
