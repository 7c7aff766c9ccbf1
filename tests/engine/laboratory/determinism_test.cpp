// SPDX-License-Identifier: GPL-3.0-or-later
// The same experiment and the same commands at the same steps give the same bits: for any number of threads,
// however the steps are cut into chunks, after a reset, and from the log of changes.
#include "tests/support/image_files.h"
#include "tests/support/laboratory.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

std::string signatureAfter(const Experiment& experiment, std::int64_t steps, int threads) {
    Laboratory laboratory(experiment, {.threads = threads});
    step(laboratory, steps);
    if (!laboratory.status().ready) throw std::runtime_error(laboratory.status().failure);
    return laboratory.signature();
}

/// So large that threads share the work of a step, and that plain steps do without the gradient.
Experiment largeExperiment(bool single) {
    Experiment experiment = smallExperiment();
    experiment.data.samples = 300;
    experiment.model.hidden = {200, 130};
    experiment.batchSize = 97;
    experiment.precision = single ? Precision::Float32 : Precision::Float64;
    return experiment;
}

/// Pictures, of which each epoch sees 11 mini-batches.
Experiment digitsExperiment() {
    Experiment experiment = smallExperiment();
    experiment.data = {};
    experiment.data.set = "digits";
    experiment.loss = {}; // that of ten classes
    experiment.batchSize = 100;
    return experiment;
}

/// A session with everything in it: rates, methods, batches, penalty, forks, additions, removals, a run that
/// diverges and is given another chance, a limit that is lifted.
void playSession(Laboratory& laboratory) {
    edit(laboratory, "before the start", [](Experiment& e) { e.learningRate = 0.15; });
    step(laboratory, 30);
    edit(laboratory, "rate", [](Experiment& e) { e.runs[0].learningRate = 0.3; });
    edit(laboratory, "rename", [](Experiment& e) { e.runs[0].name = "Simple"; });
    step(laboratory, 20);
    edit(laboratory, "BN on", [](Experiment& e) { e.runs[0].normalization = e.runs[1].normalization; });
    edit(laboratory, "batch", [](Experiment& e) { e.batchSize = 5; });
    step(laboratory, 25);
    edit(laboratory, "fork", [](Experiment& e) {
        e.runs.push_back(e.runs[0]);
        e.runs.back().id = 10;
        e.runs.back().name = "Fork";
        e.runs.back().forkOf = "Simple";
        e.runs.back().learningRate = 900;
        e.stop.divergenceFactor = 50;
    });
    step(laboratory, 25);
    edit(laboratory, "tame", [](Experiment& e) { e.runs.back().learningRate = 0.05; });
    edit(laboratory, "late run", [](Experiment& e) {
        e.runs.push_back(e.runs[2]);
        e.runs.back().id = 11;
        e.runs.back().name = "Late";
        e.runs.back().optimizer = methodOf(optimizerCatalog(), "nesterov");
    });
    edit(laboratory, "late run's rate", [](Experiment& e) { e.runs.back().learningRate = 0.02; });
    step(laboratory, 20);
    edit(laboratory, "remove", [](Experiment& e) { e.runs.erase(e.runs.begin() + 3); });
    edit(laboratory, "limit", [](Experiment& e) { e.stop.steps = 130; });
    step(laboratory, 100);
    edit(laboratory, "no limit", [](Experiment& e) {
        e.stop.steps = 0;
        e.model.l2 = 1e-3;
    });
    edit(laboratory, "BN off", [](Experiment& e) { e.runs[1].normalization = defaultRun().normalization; });
    step(laboratory, 30);
}

} // namespace

class DeterminismTest : public QObject {
    Q_OBJECT
private slots:
    void threadsDoNotMatter_data() {
        QTest::addColumn<bool>("single");
        QTest::newRow("float64") << false;
        QTest::newRow("float32") << true;
    }

    void threadsDoNotMatter() {
        QFETCH(bool, single);
        Experiment experiment = smallExperiment();
        if (single) experiment.precision = Precision::Float32;
        const std::string one = signatureAfter(experiment, 200, 1);
        QCOMPARE(one.size(), 16U);
        QCOMPARE(signatureAfter(experiment, 200, 2), one);
        QCOMPARE(signatureAfter(experiment, 200, 4), one);
        QVERIFY(signatureAfter(experiment, 201, 2) != one);
        experiment.seed.batches = 8;
        QVERIFY(signatureAfter(experiment, 200, 1) != one);
    }

    void threadsWithinAStepDoNotMatter_data() { threadsDoNotMatter_data(); }

    void threadsWithinAStepDoNotMatter() {
        QFETCH(bool, single);
        const Experiment all = largeExperiment(single);
        for (const RunSpec& run : all.runs) {
            Experiment experiment = all;
            experiment.runs = {run};
            const std::string one = signatureAfter(experiment, 12, 1);
            QCOMPARE(signatureAfter(experiment, 12, 2), one);
            QCOMPARE(signatureAfter(experiment, 12, 3), one);
            QCOMPARE(signatureAfter(experiment, 12, 7), one);
        }
    }

    void augmentedBatchesAreTheSameForAllRunsAndThreads_data() { threadsDoNotMatter_data(); }

    void augmentedBatchesAreTheSameForAllRunsAndThreads() {
        QFETCH(bool, single);
        Experiment experiment = digitsExperiment();
        if (single) experiment.precision = Precision::Float32;
        const std::string plain = signatureAfter(experiment, 90, 1);
        experiment.data.augmentation = {1, 1, true};
        const std::string one = signatureAfter(experiment, 90, 1);
        QVERIFY(one != plain);
        QCOMPARE(signatureAfter(experiment, 90, 2), one);
        QCOMPARE(signatureAfter(experiment, 90, 5), one);
        experiment.seed.augmentation = 8;
        QVERIFY(signatureAfter(experiment, 90, 1) != one);

        experiment.runs[1] = experiment.runs[0]; // twins
        experiment.runs[1].name = "Twin";
        experiment.runs[1].id = 99;
        Laboratory laboratory(experiment, {.threads = 2});
        step(laboratory, 90);
        QVERIFY(seriesOf(laboratory, experiment.runs[0].id, {"train_loss"}) ==
                seriesOf(laboratory, 99, {"train_loss"}));
    }

    /// At a rate that moves no weight, what is evaluated stays, and what is trained on does not.
    void evaluationIsNotAugmented() {
        Experiment experiment = digitsExperiment();
        experiment.learningRate = 1e-300;
        Laboratory plain(experiment, {.threads = 1});
        experiment.data.augmentation = {2, 0, true};
        Laboratory augmented(experiment, {.threads = 1});
        step(plain, 40);
        step(augmented, 40);
        const int run = experiment.runs[0].id; // without normalization
        for (const char* evaluated : {"train_loss_full", "test_loss"}) {
            QVERIFY(!seriesOf(plain, run, {evaluated}).second.empty());
            QVERIFY(seriesOf(plain, run, {evaluated}) == seriesOf(augmented, run, {evaluated}));
        }
        QVERIFY(seriesOf(plain, run, {"train_loss"}) != seriesOf(augmented, run, {"train_loss"}));
    }

    void mappedDataTrainToTheSameBits() {
        const Folder folder;
        std::vector<int> pixels, labels;
        for (int n = 0; n < 120; ++n) {
            labels.push_back(n % 3);
            for (int p = 0; p < 30; ++p)
                pixels.push_back((n * 31 + p * (7 + n % 3)) % 256);
        }
        folder.write("train-images-idx3-ubyte", idxFile({120, 5, 6}, pixels));
        folder.write("train-labels-idx1-ubyte", idxLabels(labels));
        Experiment experiment = smallExperiment();
        experiment.data = {};
        experiment.data.set = "idx";
        experiment.loss = {};
        experiment.data.path = folder.path().string();
        experiment.data.parameters.set("storage", std::string("memory"));
        const std::string resident = signatureAfter(experiment, 100, 1);
        experiment.data.parameters.set("storage", std::string("mapped"));
        QCOMPARE(signatureAfter(experiment, 100, 1), resident);
        QCOMPARE(signatureAfter(experiment, 100, 3), resident);
        experiment.seed.batches = 8;
        QVERIFY(signatureAfter(experiment, 100, 1) != resident);
    }

    void measuringDoesNotMatter_data() { threadsDoNotMatter_data(); }

    void measuringDoesNotMatter() {
        QFETCH(bool, single);
        Experiment experiment = largeExperiment(single);
        experiment.measureEvery = 1;
        const std::string always = signatureAfter(experiment, 10, 1);
        experiment.evaluateEvery = 1000;
        QCOMPARE(signatureAfter(experiment, 10, 1), always);
        experiment.measureEvery = 1000;
        QCOMPARE(signatureAfter(experiment, 10, 1), always);
        experiment.model.l2 = 1e-3;
        QVERIFY(signatureAfter(experiment, 10, 1) != always);
    }

    void chunksDoNotMatter() {
        const Experiment experiment = smallExperiment();
        Laboratory atOnce(experiment), stepwise(experiment), paced(experiment);
        step(atOnce, 150);
        for (int i = 0; i < 150; ++i)
            step(stepwise, 1);
        paced.send(command::SetSpeed{2000});
        for (int i = 0; i < 3; ++i)
            step(paced, 50);
        QCOMPARE(stepwise.signature(), atOnce.signature());
        QCOMPARE(paced.signature(), atOnce.signature());
        for (const RunSpec& run : experiment.runs)
            for (const SeriesKey& key : atOnce.history(run.id)->keys()) {
                const auto series = seriesOf(atOnce, run.id, key);
                QVERIFY(!series.first.empty());
                QVERIFY(seriesOf(stepwise, run.id, key) == series);
                QVERIFY(seriesOf(paced, run.id, key) == series);
            }
    }

    void watchingDoesNotMatter() {
        // Snapshots and weights refresh the statistics that BN is evaluated with.
        const Experiment experiment = smallExperiment();
        Laboratory watched(experiment), alone(experiment);
        for (int i = 0; i < 10; ++i) {
            step(watched, 7);
            snapshotNow(watched, 2);
            watched.weights(5);
            step(alone, 7);
        }
        const auto off = [](Experiment& e) { e.runs[1].normalization = defaultRun().normalization; };
        edit(watched, "BN off", off);
        edit(alone, "BN off", off);
        step(watched, 20);
        step(alone, 20);
        QCOMPARE(watched.signature(), alone.signature());
    }

    void resetReproduces() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 120);
        const std::string first = laboratory.signature();
        const auto losses = seriesOf(laboratory, 2, {"train_loss"});
        step(laboratory, 37);
        const auto generation = laboratory.status().generation;
        laboratory.send(command::Reset{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 0);
        QVERIFY(laboratory.status().generation > generation);
        QVERIFY(seriesOf(laboratory, 2, {"train_loss"}).first.empty());
        step(laboratory, 120);
        QCOMPARE(laboratory.signature(), first);
        QVERIFY(seriesOf(laboratory, 2, {"train_loss"}) == losses);
    }

    void replayReproducesASession_data() {
        QTest::addColumn<int>("threads");
        QTest::newRow("1 thread") << 1;
        QTest::newRow("4 threads") << 4;
    }

    void replayReproducesASession() {
        QFETCH(int, threads);
        Laboratory original(smallExperiment(), {.threads = 2});
        playSession(original);
        QCOMPARE(original.start().learningRate, 0.15);
        QVERIFY(original.changes().size() >= 9);

        Laboratory replayed(defaultExperiment(), {.threads = threads});
        replayed.send(command::SetSpeed{1e-3}); // a replay does not wait for the speed of the play
        replayed.replay(original.start(), original.changes(), original.status().step);
        replayed.wait();
        QCOMPARE(replayed.status().step, original.status().step);
        QVERIFY(!replayed.status().playing);
        QCOMPARE(replayed.signature(), original.signature());
        QCOMPARE(replayed.changes().size(), original.changes().size());
        for (std::size_t i = 0; i < original.changes().size(); ++i) {
            QCOMPARE(replayed.changes()[i].step, original.changes()[i].step);
            QCOMPARE(replayed.changes()[i].description, original.changes()[i].description);
        }
        for (const RunSpec& run : original.experiment().runs)
            QVERIFY(seriesOf(replayed, run.id, {"train_loss_full"}) ==
                    seriesOf(original, run.id, {"train_loss_full"}));
    }

    void replayKnowsRunsByNameWithoutIds() {
        Laboratory original(smallExperiment());
        playSession(original);
        Experiment start = original.start();
        std::vector<Change> changes = original.changes();
        for (RunSpec& run : start.runs)
            run.id = 0;
        for (Change& change : changes)
            for (RunSpec& run : change.after.runs) {
                run.id = 0;
                if (run.name == "Simple") run.name = "Plain"; // a renaming would need an id
                if (run.forkOf == "Simple") run.forkOf = "Plain";
            }
        Laboratory replayed(start);
        replayed.replay(start, changes, original.status().step);
        replayed.wait();
        QCOMPARE(replayed.signature(), original.signature());
    }

    void replayStopsInBetween() {
        Laboratory original(smallExperiment());
        step(original, 40);
        edit(original, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        step(original, 20);
        const std::string at60 = original.signature();
        edit(original, "rate again", [](Experiment& e) { e.learningRate = 0.4; });
        step(original, 20);
        Laboratory replayed(defaultExperiment());
        replayed.replay(original.start(), {original.changes().front()}, 60);
        replayed.wait();
        QCOMPARE(replayed.signature(), at60);
    }
};

QTEST_APPLESS_MAIN(DeterminismTest)
#include "determinism_test.moc"
