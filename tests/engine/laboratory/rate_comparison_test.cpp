// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_comparison.h"
#include "tests/support/laboratory.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// One linear neuron on noisy numbers, full batch, plain SGD: an exact quadratic.
Experiment linearRegression() {
    Experiment experiment = defaultExperiment();
    experiment.data = {};
    experiment.data.set = "linear_regression";
    experiment.data.samples = 60;
    experiment.data.noise = 0.2;
    experiment.data.parameters.set("condition_number", 20.0);
    experiment.data.parameters.set("features", std::int64_t{3});
    experiment.model.hidden = {};
    experiment.model.fold = Fold::None;
    experiment.loss = {};
    experiment.batchSize = 1000;
    experiment.measureEvery = 1;
    experiment.learningRate = 0.5;
    experiment.runs.resize(1);
    return experiment;
}

CurvatureReading readingOf(Laboratory& laboratory, bool withVectors = false) {
    CurvatureRequest request;
    request.withVectors = withVectors;
    return measureCurvature(*snapshotNow(laboratory, 1), request);
}

} // namespace

class RateComparisonTest : public QObject {
    Q_OBJECT
private slots:
    void theoryAndMeasurementAgreeOnAQuadratic() {
        Laboratory laboratory(linearRegression());
        step(laboratory, 150);
        const CurvatureReading reading = readingOf(laboratory);
        const Reading& predicted = reading.theory.atPresentRate;
        const auto [steps, losses] = seriesOf(laboratory, 1, {"train_loss_full"});
        const Reading measured = measuredRate(reading, steps, losses);
        QVERIFY2(predicted.usable(), predicted.why.c_str());
        QVERIFY2(measured.usable(), measured.why.c_str());
        const double away = 1 - predicted.value;
        QVERIFY2(
            std::abs(measured.value - predicted.value) < 0.02 * away,
            qPrintable(QString("%1 %2").arg(measured.value, 0, 'g', 10).arg(predicted.value, 0, 'g', 10)));
        QVERIFY(reading.theory.atBestStep.value < predicted.value); // the rate is not the best one
    }

    void theModelsMinimumIsTheMinimumOfAQuadratic() {
        Laboratory laboratory(linearRegression());
        step(laboratory, 3);
        const CurvatureReading early = readingOf(laboratory);
        QVERIFY(std::abs(readingOf(laboratory, true).modelDecrease.value - early.modelDecrease.value) <
                1e-12 * early.loss);
        step(laboratory, 4000);
        const CurvatureReading late = readingOf(laboratory);
        QVERIFY(early.modelDecrease.value > 1e-3);
        QVERIFY(std::abs(early.loss - early.modelDecrease.value - late.loss) < 1e-9 * early.loss);
    }

    void saysWhyTheTheoryDoesNotHold() {
        const auto whyOf = [](auto change) {
            Experiment experiment = linearRegression();
            change(experiment);
            Laboratory laboratory(experiment);
            step(laboratory, 20);
            const Reading predicted = readingOf(laboratory).theory.atPresentRate;
            return predicted.usable() ? std::string() : predicted.why;
        };
        QCOMPARE(whyOf([](Experiment&) {}), std::string());
        QVERIFY(whyOf([](Experiment& e) { e.batchSize = 8; }).find("mini-batches") != std::string::npos);
        QVERIFY(whyOf([](Experiment& e) {
                    e.runs[0].optimizer = methodOf(optimizerCatalog(), "momentum");
                }).find("optimizer") != std::string::npos);
        QVERIFY(whyOf([](Experiment& e) {
                    e = smallExperiment();
                    e.runs.resize(1);
                    e.batchSize = 1000;
                }).find("negative curvature") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(RateComparisonTest)
#include "rate_comparison_test.moc"
