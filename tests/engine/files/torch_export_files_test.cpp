// SPDX-License-Identifier: GPL-3.0-or-later
// What an export writes; torch_export_test.cpp runs it.
#include "engine/data/batch_plan.h"
#include "engine/files/presets.h"
#include "engine/files/safetensors.h"
#include "engine/files/torch_export.h"
#include "engine/laboratory/laboratory.h"

#include "tests/support/export_cases.h"
#include "tests/support/input_errors.h"

#include <QtTest>
#include <numeric>

using namespace kappascope;
using namespace kappascope::test;

class TorchExportFilesTest : public QObject {
    Q_OBJECT
private slots:
    void theFilesHoldDataWeightsAndBatches();
    void picturesKeepTheirShape();
    void fullBatchesAreWrittenOnce();
    void tooManyMiniBatchesAreRefused();
    void augmentedBatchesAreWrittenWhereTheyAreWanted();
};

void TorchExportFilesTest::theFilesHoldDataWeightsAndBatches() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) {
        return std::filesystem::path(folder.filePath(name).toStdString());
    };
    const Experiment experiment = moons([](Experiment& altered) { altered.runs[0].name = "a/b"; });
    exportTorch(experiment, at(""), 7);
    QVERIFY(loadExperiment(at("experiment.json")) == experiment);

    Laboratory laboratory(experiment);
    laboratory.wait();
    const TensorFile data = readSafetensors(at("data.safetensors"));
    const Dataset& train = laboratory.data()->train;
    QCOMPARE(data.find("train.x")->shape, (std::vector<std::int64_t>{train.samples(), 2}));
    QVERIFY(data.find("train.x")->matrix<double>() == train.x.dense().transpose());
    const auto labels = data.find("test.y")->values<std::int64_t>();
    QVERIFY(std::ranges::equal(labels, laboratory.data()->test.labels));

    const Tensor indices = *readSafetensors(at("batches.safetensors")).find("indices");
    QCOMPARE(indices.shape, (std::vector<std::int64_t>{7, 40}));
    BatchPlan plan(static_cast<int>(train.samples()), 40, experiment.seed.batches);
    const auto all = indices.values<std::int64_t>();
    for (std::int64_t step = 0; step < 7; ++step)
        QVERIFY(std::ranges::equal(std::span(all).subspan(static_cast<std::size_t>(40 * step), 40),
                                   plan.indices(step)));

    const TensorFile start = readSafetensors(at("initial/a_b.safetensors"));
    QCOMPARE(start.metadata.at("run"), std::string("a/b"));
    const auto weights = laboratory.weights(1);
    QCOMPARE(start.find("layers.0.weight")->values<double>(), weights.front().values);
}

void TorchExportFilesTest::picturesKeepTheirShape() {
    QTemporaryDir folder;
    exportTorch(preset("digits"), folder.path().toStdString(), 1);
    const TensorFile data = readSafetensors(folder.filePath("data.safetensors").toStdString());
    QCOMPARE(data.find("train.x")->shape, (std::vector<std::int64_t>{1198, 1, 8, 8}));
}

void TorchExportFilesTest::fullBatchesAreWrittenOnce() {
    QTemporaryDir folder;
    const auto at = [&](const char* name) {
        return std::filesystem::path(folder.filePath(name).toStdString());
    };
    exportTorch(fullBatchRegression(), at(""), std::int64_t{1} << 40);
    const TensorFile batches = readSafetensors(at("batches.safetensors"));
    QCOMPARE(batches.metadata.at("steps"), std::string("1099511627776"));
    QCOMPARE(batches.find("indices")->shape, (std::vector<std::int64_t>{1, 100}));
    std::vector<std::int64_t> inOrder(100);
    std::iota(inOrder.begin(), inOrder.end(), 0);
    QCOMPARE(batches.find("indices")->values<std::int64_t>(), inOrder);
}

void TorchExportFilesTest::tooManyMiniBatchesAreRefused() {
    QTemporaryDir folder;
    const std::filesystem::path target(folder.filePath("exported").toStdString());
    try {
        exportTorch(moons([](Experiment&) {}), target, 1'000'000);
        QFAIL("nothing was thrown");
    } catch (const InputError& error) {
        QCOMPARE(QString(error.what()),
                 QString("steps: 1000000 mini-batches of 40 samples are more than 33554432 indices to write. "
                         "Export at most 838860 steps (--steps)."));
    }
    QVERIFY(!std::filesystem::exists(target)); // not even in part
}

void TorchExportFilesTest::augmentedBatchesAreWrittenWhereTheyAreWanted() {
    QTemporaryDir folder;
    const std::filesystem::path target(folder.filePath("exported").toStdString());
    const auto whyNot = inputErrorOf([&] { exportTorch(augmentedImages(), target, 100'000); });
    QCOMPARE(whyNot,
             "steps: 100000 augmented mini-batches of 32 images are more than 1 GiB to write. Export at "
             "most 65536 steps (--steps).");
    QVERIFY(!std::filesystem::exists(target));
    exportTorch(augmentedImages(), target, 3);
    QVERIFY(std::filesystem::exists(target / "augmented.safetensors"));
    exportTorch(images(), target, 3); // over it
    QVERIFY(!std::filesystem::exists(target / "augmented.safetensors"));
}

QTEST_APPLESS_MAIN(TorchExportFilesTest)
#include "torch_export_files_test.moc"
