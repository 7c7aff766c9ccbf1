// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/status_line.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

Experiment threeRuns() {
    Experiment experiment;
    for (const char* name : {"Plain", "BN", "BNP"}) {
        RunSpec run;
        run.name = name;
        run.optimizer.method = "sgd";
        experiment.runs.push_back(run);
    }
    experiment.runs[1].normalization.method = "batch_norm";
    experiment.runs[2].preconditioner.method = "bnp";
    return experiment;
}

LaboratoryStatus training(std::initializer_list<RunState> states) {
    LaboratoryStatus status;
    status.ready = true;
    for (const RunState state : states)
        status.runs.emplace_back().state = state;
    return status;
}

constexpr auto on = RunState::Training;

} // namespace

class StatusLineTest : public QObject {
    Q_OBJECT
private slots:
    void saysThatOnlyTheMethodDiffers() {
        QCOMPARE(lockstepText(threeRuns(), training({on, on, on})),
                 QString("3 runs in lockstep · same weights, same batches · only the method differs"));
    }
    void namesEverythingThatDiffers() {
        Experiment experiment = threeRuns();
        experiment.runs[0].learningRate = 0.5;
        experiment.runs[1].optimizer.method = "adam";
        QVERIFY(lockstepText(experiment, training({on, on, on}))
                    .endsWith("method, optimizer and learning rate differ"));
    }
    void aRateOfItsOwnThatIsTheSameIsNoDifference() {
        Experiment experiment = threeRuns();
        experiment.runs[0].learningRate = experiment.learningRate;
        QVERIFY(lockstepText(experiment, training({on, on, on})).endsWith("only the method differs"));
    }
    void countsRunsThatLeftTheLockstep() {
        const QString text =
            lockstepText(threeRuns(), training({on, RunState::Diverged, RunState::CatchingUp}));
        QVERIFY(text.startsWith("1 of 3 runs in lockstep, 1 catching up, 1 diverged"));
    }
    void aForkHasWeightsOfItsOwn() {
        Experiment experiment = threeRuns();
        experiment.runs[2].forkOf = "BN";
        QVERIFY(!lockstepText(experiment, training({on, on, on})).contains("same weights"));
    }
    void equalRunsDifferInNothing() {
        Experiment experiment = threeRuns();
        experiment.runs[1] = experiment.runs[2] = experiment.runs[0];
        QVERIFY(lockstepText(experiment, training({on, on, on})).endsWith("nothing differs"));
    }
    void saysWhatToDoWithoutRuns() { QVERIFY(lockstepText({}, training({})).contains("add one")); }
    void saysThatItLoads() {
        LaboratoryStatus status = training({on, on, on});
        status.ready = false;
        QVERIFY(lockstepText(threeRuns(), status).startsWith("Loading"));
        status.failure = "no";
        QVERIFY(lockstepText(threeRuns(), status).startsWith("Nothing trains"));
    }
    void saysThatItEvaluatesAndHowFarItIs() {
        LaboratoryStatus status = training({RunState::Training, RunState::Training, RunState::Training});
        status.evaluating = 0.404;
        const QString text = lockstepText(threeRuns(), status);
        QVERIFY2(text.startsWith("Evaluating") && text.endsWith("40 %"), qPrintable(text));
    }
    void anEditThatFailedStopsNothing() {
        LaboratoryStatus status = training({on, on, on});
        status.failure = "the edit was refused";
        QVERIFY(lockstepText(threeRuns(), status).startsWith("3 runs in lockstep"));
    }
    void tellsTheSpeedWhileItTrains() {
        LaboratoryStatus status = training({on, on, on});
        status.stepsPerSecond = 61234.4;
        QCOMPARE(speedText(status), QString());
        status.playing = true;
        QCOMPARE(speedText(status), QString("61,234 steps/s"));
        status.stepsPerSecond = 2.51;
        QCOMPARE(speedText(status), QString("2.5 steps/s"));
    }
    void tellsTheEpochAndTheTimeLeft() {
        LaboratoryStatus status = training({on});
        StopSpec stop;
        QCOMPARE(progressText(stop, status), QString());
        stop.epochs = 3;
        QCOMPARE(progressText(stop, status), QString("epoch 0 of 3"));
        status.step = 1500;
        status.epoch = 1.5;
        QCOMPARE(progressText(stop, status), QString("epoch 1.50 of 3")); // it rests: there is no speed
        status.playing = true;
        status.stepsPerSecond = 12;
        QCOMPARE(progressText(stop, status), QString("epoch 1.50 of 3, 2:05 left"));
        stop.steps = 1620; // comes first
        QCOMPARE(progressText(stop, status), QString("epoch 1.50 of 1.62, 0:10 left"));
        stop = {};
        stop.steps = 45'000;
        QCOMPARE(progressText(stop, status), QString("epoch 1.50 of 45, 1:00:25 left"));
        status.step = 45'000;
        status.epoch = 45;
        QCOMPARE(progressText(stop, status), QString("epoch 45 of 45"));
        status.ready = false;
        QCOMPARE(progressText(stop, status), QString());
    }
    void knowsTheMemoryInUse() {
#ifdef Q_OS_LINUX
        constexpr qint64 mebibyte = 1 << 20;
        const qint64 before = residentBytes();
        QVERIFY(before > mebibyte);
        const std::vector<char> block(static_cast<std::size_t>(64 * mebibyte),
                                      'x'); // written: it is resident
        QVERIFY(residentBytes() - before > 48 * mebibyte && !block.empty());
#endif
    }
};

QTEST_MAIN(StatusLineTest)
#include "status_line_test.moc"
