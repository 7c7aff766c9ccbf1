// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/curvature_measurement.h"
#include "engine/laboratory/update_state.h"
#include "tests/support/fixture.h"
#include "tests/support/laboratory.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int plain = 1, batchNorm = 2, bnp = 3, adam = 4;

/// The experiment of smallExperiment() at full batch in plain SGD, so that a step is what theory speaks of.
Experiment fullBatch() {
    Experiment experiment = smallExperiment();
    experiment.batchSize = 1000;
    return experiment;
}

} // namespace

class CurvatureMeasurementTest : public QObject {
    Q_OBJECT

private slots:
    void everyRunCanBeMeasured() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 50);
        ThreadTeam team(2);
        for (const RunSpec& run : laboratory.experiment().runs) {
            const auto snapshot = snapshotNow(laboratory, run.id);
            const CurvatureReading reading = measureCurvature(*snapshot, {}, &team);
            QCOMPARE(reading.run, run.id);
            QCOMPARE(reading.step, 50);
            QVERIFY2(reading.of == "Hessian, training mode, all 40 training samples, without penalty",
                     reading.of.c_str());
            QCOMPARE(reading.blocks.size(), 4u); // the whole network and three dense layers
            QVERIFY(reading.block(BlockReading::wholeNetwork)->raw.summary.kappaTau.usable());
            QCOMPARE(reading.conditioning.size(), 3u);
            QVERIFY(reading.conditioning[0].median.usable());
            QVERIFY(reading.alignment.shareOutside.usable());
            QVERIFY(reading.stabilityLimit.value > 0 && reading.seconds > 0);
            const bool actsAlone = run.id != adam && run.preconditioner.method == "none";
            QCOMPARE(reading.identity, actsAlone);
            QVERIFY(reading.whyNotPreconditioned.empty());
            if (actsAlone) QCOMPARE(reading.blocks[0].matched.gain.value, 1.0);
        }
    }

    void layersAreTheDiagonalBlocksOfTheWhole() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 20);
        for (const int run : {batchNorm, bnp, adam}) {
            const auto snapshot = snapshotNow(laboratory, run);
            CurvatureRequest byProducts;
            byProducts.whole = false;
            const CurvatureReading all = measureCurvature(*snapshot, {}),
                                   layers = measureCurvature(*snapshot, byProducts);
            for (int d = 0; d < 3; ++d) {
                QVERIFY(difference(layers.block(d)->raw.eigenvalues, all.block(d)->raw.eigenvalues) < 1e-12);
                QVERIFY(difference(layers.block(d)->preconditioned.eigenvalues,
                                   all.block(d)->preconditioned.eigenvalues) < 1e-10);
            }
        }
    }

    void bnpImprovesTheFirstLayerOfBadlyScaledInputs() {
        Laboratory laboratory(fullBatch());
        step(laboratory, 300);
        const CurvatureReading reading = measureCurvature(*snapshotNow(laboratory, bnp), {});
        const LayerConditioning& first = reading.conditioning[0];
        QVERIFY(first.preconditioned.value < first.input.value / 100);
        QVERIFY(first.gain.value > 100);
        const BlockReading& block = *reading.block(0);
        QVERIFY(block.matched.directions > 0 && block.matched.gain.value > 100);
        QCOMPARE(block.matched.gain.value, block.matched.before.value / block.matched.after.value);
        QVERIFY(
            !measureCurvature(*snapshotNow(laboratory, plain), {}).conditioning[0].preconditioned.usable());
    }

    /// The update of a plain step, by the run itself and by what the reading takes for its P.
    void theUpdateStateIsThatOfTheRun() {
        Laboratory laboratory(fullBatch());
        step(laboratory, 30);
        for (const int run : {plain, bnp}) {
            const auto before = snapshotNow(laboratory, run);
            step(laboratory, 1);
            const auto after = snapshotNow(laboratory, run); // its statistics are those that the step used
            CurvatureProblem problem;
            problem.network = before->network;
            problem.loss = before->loss;
            problem.data = probeBatch(before->data->train, *before->loss, 1000, 0);
            const HessianOperator op(problem);
            const Coordinates P(op.network(), after->update->preconditioners(op.network()), 40,
                                *after->update->optimizer(op.size()));
            Vector<double> update = op.gradient();
            P.toCoordinates(update);
            P.toParameters(update);
            const Vector<double> expected = before->network->theta() - before->update->learningRate * update;
            QVERIFY(difference(after->network->theta(), expected) < 1e-12);
        }
    }

    void adamHasNoPreconditionedSpectrumBeforeItsFirstStep() {
        Laboratory laboratory(smallExperiment());
        laboratory.wait();
        const CurvatureReading reading = measureCurvature(*snapshotNow(laboratory, adam), {});
        QVERIFY(!reading.whyNotPreconditioned.empty());
        QVERIFY(!reading.blocks[0].preconditioned.summary.lambdaMax.usable());
        QVERIFY(!reading.blocks[0].matched.gain.usable() && reading.blocks[0].raw.summary.lambdaMax.usable());
    }

    void theNextMiniBatchCanBeMeasuredInstead() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 3);
        CurvatureRequest request;
        request.samples = CurvatureRequest::Samples::MiniBatch;
        request.neurons = request.alignment = false;
        const CurvatureReading reading = measureCurvature(*snapshotNow(laboratory, plain), request);
        QVERIFY(reading.of.find("mini-batch of step 3") != std::string::npos);
        step(laboratory, 1);
        const auto [steps, losses] = seriesOf(laboratory, plain, {"train_loss"});
        QVERIFY(std::abs(reading.loss - losses.back()) < 1e-12);
    }

    void theNextMiniBatchIsMeasuredAsItIsAugmented() {
        Experiment experiment = smallExperiment();
        experiment.data = {};
        experiment.data.set = "digits";
        experiment.loss = {};
        experiment.data.augmentation = {2, 1, true};
        Laboratory laboratory(experiment);
        step(laboratory, 3);
        CurvatureRequest request;
        request.samples = CurvatureRequest::Samples::MiniBatch;
        request.neurons = request.alignment = false;
        const CurvatureReading reading = measureCurvature(*snapshotNow(laboratory, plain), request);
        step(laboratory, 1);
        const auto [steps, losses] = seriesOf(laboratory, plain, {"train_loss"});
        QVERIFY(std::abs(reading.loss - losses.back()) < 1e-12);
    }

    void largeNetworksAreEstimatedAndStartWarm() {
        Laboratory laboratory(smallExperiment());
        step(laboratory, 40);
        const auto snapshot = snapshotNow(laboratory, bnp);
        CurvatureRequest request;
        request.largestDense = 20;
        request.neurons = request.alignment = false;
        const CurvatureReading exact = measureCurvature(*snapshot, {}),
                               estimate = measureCurvature(*snapshot, request),
                               warm = measureCurvature(*snapshot, request, nullptr, nullptr, &estimate);
        for (const auto& reading : {estimate, warm}) {
            const BlockReading& block = reading.blocks[0];
            QVERIFY(!block.raw.exact);
            const Reading lambda = exact.blocks[0].preconditioned.summary.lambdaMax;
            QVERIFY(std::abs(block.preconditioned.summary.lambdaMax.value / lambda.value - 1) < 1e-6);
            QVERIFY(block.preconditioned.summary.kappaAverage.error > 0);
        }
        QVERIFY(exact.block(2)->raw.exact && estimate.block(2)->raw.exact && !estimate.block(1)->raw.exact);
    }

    void stopsWhenCancelled() {
        Laboratory laboratory(smallExperiment());
        laboratory.wait();
        const Cancelled cancelled = true;
        QVERIFY_EXCEPTION_THROWN(measureCurvature(*snapshotNow(laboratory, plain), {}, nullptr, &cancelled),
                                 WorkCancelled);
    }
};

QTEST_APPLESS_MAIN(CurvatureMeasurementTest)
#include "curvature_measurement_test.moc"
