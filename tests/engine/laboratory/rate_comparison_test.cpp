// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_comparison.h"
#include "tests/support/laboratory.h"

#include <Eigen/Eigenvalues>
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

    // Along one eigenvector: the update's own 2 x 2 matrix, taken to a high power.
    void contractionIsThatOfTheUpdates() {
        for (const double beta : {0.0, 0.5, 0.9})
            for (const double x : {0.001, 0.3, 0.9, 1.0, 1.7, 2.5}) {
                const Eigen::Matrix2d heavyBall{{1 - x, -beta}, {x, beta}}; // of (theta, eta v)
                const Eigen::Matrix2d nesterov{{1 - x * (1 + beta), -beta * beta}, {x, beta}};
                const auto radius = [](const Eigen::Matrix2d& A) {
                    return A.eigenvalues().cwiseAbs().maxCoeff();
                };
                using Kind = LinearUpdate::Kind;
                QVERIFY(std::abs(contraction({Kind::HeavyBall, beta}, x) - radius(heavyBall)) < 1e-7);
                QVERIFY(std::abs(contraction({Kind::Nesterov, beta}, x) - radius(nesterov)) < 1e-7);
                if (beta == 0) QCOMPARE(contraction({Kind::HeavyBall, beta}, x), contraction({}, x));
            }
        // It neither grows nor shrinks at the limits of math.md section 5.
        QVERIFY(std::abs(contraction({LinearUpdate::Kind::HeavyBall, 0.9}, 2 * 1.9) - 1) < 1e-12);
        QVERIFY(std::abs(contraction({LinearUpdate::Kind::Nesterov, 0.9}, 2 * 1.9 / 2.8) - 1) < 1e-12);
    }

    void theRateOfMomentumIsMeasuredToo_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<bool>("preconditioned");
        QTest::newRow("heavy ball") << "momentum" << false;
        QTest::newRow("nesterov") << "nesterov" << false;
        QTest::newRow("heavy ball, BNP") << "momentum" << true;
        QTest::newRow("plain, BNP") << "sgd" << true;
    }
    void theRateOfMomentumIsMeasuredToo() {
        QFETCH(const QString, method);
        QFETCH(const bool, preconditioned);
        Experiment experiment = linearRegression();
        RunSpec& run = experiment.runs[0];
        run.optimizer = methodOf(optimizerCatalog(), method.toStdString());
        // Real roots in the slowest direction: the loss does not swing.
        if (run.optimizer.parameters.has("momentum")) run.optimizer.parameters.set("momentum", 0.5);
        if (preconditioned) {
            run.preconditioner = methodOf(preconditioningCatalog(), "bnp");
            run.preconditioner.parameters.set("rho", 0.5);      // P stands still soon
            run.preconditioner.parameters.set("epsilon1", 0.3); // and leaves one direction the slowest
        }
        experiment.learningRate = preconditioned ? 0.1 : 0.3;
        Laboratory laboratory(experiment);
        step(laboratory, 200);
        const CurvatureReading reading = readingOf(laboratory);
        const Reading& predicted = reading.theory.atPresentRate;
        QVERIFY2(predicted.usable(), predicted.why.c_str());
        const auto [steps, losses] = seriesOf(laboratory, 1, {"train_loss_full"});
        const Reading measured = measuredRate(reading, steps, losses);
        QVERIFY2(measured.usable(), measured.why.c_str());
        QVERIFY2(
            std::abs(measured.value - predicted.value) < 0.05 * (1 - predicted.value),
            qPrintable(QString("%1 %2").arg(measured.value, 0, 'g', 10).arg(predicted.value, 0, 'g', 10)));
        QCOMPARE(reading.theory.atBestStep.usable(), method == "sgd");
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
        // The loss at the minimum is zero: what there is left to decrease is the loss itself.
        QCOMPARE(whyOf([](Experiment& e) { e.data.noise = 0; }), std::string());
        QVERIFY(whyOf([](Experiment& e) { e.batchSize = 8; }).find("mini-batches") != std::string::npos);
        QVERIFY(whyOf([](Experiment& e) {
                    e.runs[0].optimizer = methodOf(optimizerCatalog(), "adam");
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
