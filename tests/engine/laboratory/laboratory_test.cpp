// SPDX-License-Identifier: GPL-3.0-or-later
// Setting up, transport, and what others can see.
#include "tests/support/laboratory.h"

#include <QTest>
#include <atomic>
#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// The same sums in two layouts and orders of products.
constexpr double outputTolerance = 1e-12;

} // namespace

class LaboratoryTest : public QObject {
    Q_OBJECT
private slots:
    void setsUpAndWaits() {
        Laboratory laboratory(smallExperiment(), {.threads = 3});
        laboratory.wait();
        const LaboratoryStatus status = laboratory.status();
        QVERIFY(status.ready);
        QVERIFY(status.failure.empty());
        QVERIFY(!status.playing);
        QCOMPARE(status.step, 0);
        QCOMPARE(status.threads, 3);
        QCOMPARE(status.runs.size(), 5U);
        QCOMPARE(status.runs[0].parameters, 2 * 5 + 5 + 5 * 4 + 4 + 4 + 1);
        QCOMPARE(laboratory.data()->train.samples(), 40);
        QVERIFY(laboratory.history(1)->keys().empty());
        QVERIFY(!laboratory.history(77));
        QVERIFY(!laboratory.snapshot(77));
        QVERIFY(laboratory.weights(77).empty());
    }

    void hasNoMoreThreadsThanRuns() {
        Experiment experiment = smallExperiment();
        experiment.runs.resize(2);
        Laboratory laboratory(experiment, {.threads = 8});
        laboratory.wait();
        QCOMPARE(laboratory.status().threads, 2);
    }

    void trainsTheStepsThatAreAskedFor() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::Step{10});
        laboratory.send(command::Step{15}); // ten, and then fifteen more
        laboratory.wait();
        const LaboratoryStatus status = laboratory.status();
        QCOMPARE(status.step, 25);
        QCOMPARE(status.epoch, 5.0);
        QCOMPARE(status.examples, 200);
        QCOMPARE(status.stepsPerSecond, 0.0);
        QVERIFY(!status.playing);
        QVERIFY(status.seconds > 0);
        for (const RunStatus& run : status.runs) {
            QCOMPARE(run.step, 25);
            QVERIFY(run.state == RunState::Training);
            QVERIFY(run.seconds > 0);
            QCOMPARE(laboratory.history(run.id)->size({"train_loss"}), 25);
            QCOMPARE(laboratory.history(run.id)->lastStep({"train_loss_full"}), 24); // every 4th, from 0
            QCOMPARE(laboratory.history(run.id)->size({"train_loss_full"}), 7);
        }
    }

    void evaluationsHaveACadenceOfTheirOwn() {
        Experiment experiment = smallExperiment();
        experiment.measureEvery = 2;
        experiment.evaluateEvery = 6;
        Laboratory laboratory(experiment);
        step(laboratory, 15);
        QCOMPARE(laboratory.status().evaluateEvery, 6);
        using Steps = std::vector<std::int64_t>;
        const auto steps = [&](const char* metric) { return seriesOf(laboratory, 1, {metric}).first; };
        for (const char* evaluated : {"train_loss_full", "train_accuracy", "test_loss", "test_accuracy"})
            QVERIFY2((steps(evaluated) == Steps{0, 6, 12}), evaluated);
        for (const char* measured : {"gradient_norm", "update_size", "distance_from_start"})
            QVERIFY2((steps(measured) == Steps{0, 2, 4, 6, 8, 10, 12, 14}), measured);
        edit(laboratory, "evaluations", [](Experiment& e) { e.evaluateEvery = 0; });
        QCOMPARE(laboratory.status().evaluateEvery, 2);
        QCOMPARE(laboratory.status().step, 15); // goes on
    }

    void measuresBySizesWhereNobodyChooses() {
        Experiment experiment = smallExperiment();
        experiment.measureEvery = 0;
        Laboratory laboratory(experiment);
        laboratory.wait();
        QCOMPARE(laboratory.status().evaluateEvery, 50); // 10 (40 + 20) / (3 * 8) = 25
        step(laboratory, 60);
        edit(laboratory, "batch", [](Experiment& e) { e.batchSize = 40; });
        QCOMPARE(laboratory.status().evaluateEvery, 5);
        step(laboratory, 11);
        using Steps = std::vector<std::int64_t>;
        const auto evaluated = seriesOf(laboratory, 1, {"train_loss_full"}).first;
        QVERIFY((evaluated == Steps{0, 1, 2, 5, 10, 20, 50, 60, 65, 70}));
        const auto norms = seriesOf(laboratory, 1, {"gradient_norm"}).first;
        QVERIFY((norms == Steps{0, 1, 2, 5, 10, 20, 30, 40, 50, 60, 65, 70}));
    }

    void trainsToTheNextWholeEpoch() {
        Laboratory laboratory(smallExperiment()); // 5 steps an epoch
        step(laboratory, 7);
        laboratory.send(command::StepEpoch{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 10);
        laboratory.send(command::StepEpoch{});
        laboratory.send(command::StepEpoch{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 20);
        edit(laboratory, "batch", [](Experiment& e) { e.batchSize = 20; });
        laboratory.send(command::StepEpoch{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 22);
    }

    void playsUntilItIsPaused() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::Play{});
        while (laboratory.status().step < 50)
            std::this_thread::yield();
        QVERIFY(laboratory.status().playing);
        laboratory.send(command::Pause{});
        laboratory.wait();
        const std::int64_t paused = laboratory.status().step;
        QVERIFY(!laboratory.status().playing);
        laboratory.signature(); // once round the coordinator
        QCOMPARE(laboratory.status().step, paused);
    }

    void tellsItsSpeedWhileItPlays() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::Play{});
        while (laboratory.status().stepsPerSecond == 0)
            std::this_thread::yield();
        laboratory.send(command::Pause{});
        laboratory.wait();
        QCOMPARE(laboratory.status().stepsPerSecond, 0.0);
    }

    void commandsActAtOnceAtALowSpeed() {
        // The second step would be due in a quarter of an hour; nothing here waits for it.
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::SetSpeed{1e-3});
        laboratory.send(command::Play{});
        while (laboratory.status().step < 1)
            std::this_thread::yield();
        edit(laboratory, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        QCOMPARE(laboratory.changes().size(), 1U);
        QVERIFY(laboratory.status().playing);
        laboratory.send(command::Pause{});
        laboratory.wait();
        QCOMPARE(laboratory.status().step, 1);
        step(laboratory, 1); // asked for by hand: at once
        QCOMPARE(laboratory.status().step, 2);
    }

    void keepsToTheSpeed() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::SetSpeed{200});
        const auto begun = std::chrono::steady_clock::now();
        step(laboratory, 41);
        // The first step is due at once, the others every 5 ms. Only too fast is wrong: a busy machine is
        // slow.
        QVERIFY(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(200));
    }

    void resetGoesOnPlaying() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        edit(laboratory, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        laboratory.send(command::Reset{});
        laboratory.wait();
        QVERIFY(!laboratory.status().playing);
        QVERIFY(laboratory.changes().empty());
        QCOMPARE(laboratory.start().learningRate, 0.2); // the edit is how it starts now
        laboratory.send(command::Play{});
        laboratory.send(command::Reset{});
        laboratory.wait();
        QVERIFY(laboratory.status().playing);
    }

    void namesWeightsAsPyTorchDoes() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 30);
        const auto weights = laboratory.weights(5); // BN with its inputs normalized, and BNP
        std::map<std::string, std::vector<Index>> shapes;
        for (const auto& tensor : weights)
            shapes[tensor.name] = tensor.shape;
        QVERIFY((shapes["layers.0.weight"] == std::vector<Index>{5, 2}));
        QVERIFY((shapes["layers.1.weight"] == std::vector<Index>{4, 5}));
        QVERIFY((shapes["layers.2.bias"] == std::vector<Index>{1}));
        QVERIFY((shapes["normalizations.1.weight"] == std::vector<Index>{5}));
        QVERIFY((shapes["normalizations.1.running_mean"] == std::vector<Index>{5}));
        QVERIFY((shapes["normalizations.1.running_var"] == std::vector<Index>{5}));
    }

    /// Weights row by row, statistics of the whole training set: the network computed by hand from them is
    /// that of the snapshot.
    void weightsAndSnapshotAreTheSameNetwork() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 30);
        std::map<std::string, std::vector<double>> w;
        for (const auto& tensor : laboratory.weights(2))
            w[tensor.name] = tensor.values;
        const auto snapshot = snapshotNow(laboratory, 2);
        QCOMPARE(snapshot->step, 30);
        QCOMPARE(snapshot->run, 2);

        const auto data = laboratory.data();
        const Matrix<double> x = data->test.x.dense();
        const Matrix<double> z = Predictor(*snapshot).outputs(x);
        const std::vector<int> widths{2, 5, 4, 1};
        for (Index n = 0; n < x.cols(); ++n) {
            std::vector<double> h(x.col(n).begin(), x.col(n).end());
            for (int d = 0; d < 3; ++d) {
                const std::string norm = "normalizations." + std::to_string(d) + '.';
                const std::string dense = "layers." + std::to_string(d) + '.';
                const auto inputs = static_cast<std::size_t>(widths[static_cast<std::size_t>(d)]);
                for (std::size_t j = 0; j < inputs; ++j)
                    h[j] = w[norm + "weight"][j] * (h[j] - w[norm + "running_mean"][j]) /
                               std::sqrt(w[norm + "running_var"][j] + 1e-5) +
                           w[norm + "bias"][j];
                std::vector<double> a = w[dense + "bias"];
                for (std::size_t i = 0; i < a.size(); ++i) {
                    for (std::size_t j = 0; j < inputs; ++j)
                        a[i] += w[dense + "weight"][i * inputs + j] * h[j];
                    if (d < 2) a[i] = std::tanh(a[i]);
                }
                h = a;
            }
            QVERIFY(std::abs(h[0] - z(0, n)) < outputTolerance * std::max(1.0, std::abs(h[0])));
        }
    }

    void snapshotHasTheTrainingSetsStatistics() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 30);
        const auto snapshot = snapshotNow(laboratory, 2);
        const auto mean = snapshot->data->train.x.dense().rowwise().mean().eval();
        Network<double> network(*snapshot->network);
        for (const auto& [name, buffer] : network.buffers())
            if (name == "normalizations.0.running_mean")
                for (Index j = 0; j < 2; ++j)
                    QVERIFY(std::abs(buffer.data[j] - mean[j]) < outputTolerance * std::abs(mean[j]));
    }

    void snapshotsOfFloatRunsAreInDouble() {
        Experiment experiment = smallExperiment();
        experiment.precision = Precision::Float32;
        Laboratory laboratory(experiment);
        step(laboratory, 5);
        const auto snapshot = snapshotNow(laboratory, 3);
        const Matrix<double> p = Predictor(*snapshot).predictions(snapshot->data->train.x.dense());
        QCOMPARE(p.rows(), 2);
        QVERIFY(((p.colwise().sum().array() - 1).abs() < outputTolerance).all());
    }

    void snapshotsAreTakenWhileItPlays() {
        Laboratory laboratory(smallExperiment());
        laboratory.send(command::Play{});
        std::int64_t last = -1;
        for (int newer = 0; newer < 5;) {
            const auto snapshot = laboratory.snapshot(1);
            if (snapshot && snapshot->step > last) {
                last = snapshot->step;
                ++newer;
            }
        }
        QVERIFY(last > 0);
    }

    void saysWhyItCannotBeSetUp() {
        Experiment experiment = smallExperiment();
        experiment.runs[1].learningRate = -1;
        Laboratory laboratory(experiment);
        laboratory.wait();
        QVERIFY(!laboratory.status().ready);
        QVERIFY(
            QString::fromStdString(laboratory.status().failure).contains("runs.BN.optimizer.learning_rate"));
        QVERIFY(!laboratory.data());
        for (const Command& command : {Command(command::Play{}), Command(command::Step{3}),
                                       Command(command::StepEpoch{}), Command(command::Reset{})})
            laboratory.send(command);
        laboratory.wait();
        QVERIFY(!laboratory.status().ready);
        // And goes on once it is mended.
        laboratory.send(command::Edit{smallExperiment(), "mended"});
        laboratory.wait();
        QVERIFY(laboratory.status().ready);
        QVERIFY(laboratory.status().failure.empty());
        step(laboratory, 3);
        QCOMPARE(laboratory.status().step, 3);
    }

    void keepsWhatItHasWhenAnotherCannotBeSetUp() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 10);
        const std::string before = laboratory.signature();
        edit(laboratory, "no such file", [](Experiment& e) {
            e.data.set = "csv";
            e.data.parameters = Parameters(dataCatalog().at("csv"));
            e.data.path = "/no/such/file.csv";
        });
        QVERIFY(laboratory.status().ready);
        QVERIFY(!laboratory.status().failure.empty());
        QCOMPARE(laboratory.experiment().data.set, std::string("xor"));
        QCOMPARE(laboratory.signature(), before);
        step(laboratory, 5);
        QCOMPARE(laboratory.status().step, 15);
        QVERIFY(!laboratory.status().failure.empty()); // to be read until something succeeds
        edit(laboratory, "rate", [](Experiment& e) { e.learningRate = 0.2; });
        QVERIFY(laboratory.status().failure.empty());
    }

    void answersWhileItTrainsAndChanges() {
        // For the thread sanitizer above all.
        Laboratory laboratory(smallExperiment(), {.threads = 3, .background = true});
        std::atomic<bool> done = false;
        std::thread reader([&] {
            std::vector<Series::Block> blocks;
            while (!done) {
                const LaboratoryStatus status = laboratory.status();
                for (const RunStatus& run : status.runs) {
                    if (const auto history = laboratory.history(run.id)) {
                        history->query({"train_loss"}, 0, status.step, 100, blocks);
                        history->querySmoothed({"train_loss_full"}, 0, status.step, 100, 0.9, blocks);
                    }
                    if (const auto snapshot = laboratory.snapshot(run.id))
                        Predictor(*snapshot).predictions(snapshot->data->test.x.dense());
                }
                laboratory.changes();
                laboratory.experiment();
                laboratory.data();
            }
        });
        laboratory.send(command::Play{});
        for (int i = 0; i < 20; ++i) {
            Experiment experiment = laboratory.experiment();
            if (i % 5 == 4)
                experiment.seed.data += 1; // starts over
            else
                experiment.learningRate = 0.01 * (i + 1);
            if (i % 4 == 1) experiment.runs.pop_back();
            if (i % 4 == 3) {
                experiment.runs.push_back(smallExperiment().runs[3]);
                experiment.runs.back().name = "Added " + std::to_string(i);
                experiment.runs.back().id = 100 + i;
            }
            laboratory.send(command::Edit{experiment, "edit"});
            laboratory.weights(1);
            laboratory.signature();
        }
        laboratory.send(command::Pause{});
        laboratory.wait();
        done = true;
        reader.join();
        QVERIFY2(laboratory.status().failure.empty(), laboratory.status().failure.c_str());
    }

    void endsInTheMidstOfTraining() {
        for (int i = 0; i < 20; ++i) {
            Laboratory laboratory(smallExperiment(), {.threads = 2});
            laboratory.send(command::Play{});
            if (i % 2) laboratory.send(command::Step{1'000'000});
            if (i % 3 == 0) laboratory.send(command::SetSpeed{1});
        }
    }
};

QTEST_APPLESS_MAIN(LaboratoryTest)
#include "laboratory_test.moc"
