// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/condition_number.h"
#include "engine/curvature/decay_rate.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/layer_shares.h"
#include "tests/support/curvature.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

/// The losses of gradient descent at `step` on sum lambda_i x_i^2 / 2 from x = 1.
std::pair<std::vector<std::int64_t>, std::vector<double>> descent(const Vector<double>& lambda, double step,
                                                                  int count) {
    std::pair<std::vector<std::int64_t>, std::vector<double>> curve;
    Vector<double> x = Vector<double>::Ones(lambda.size());
    for (int t = 0; t < count; ++t) {
        curve.first.push_back(t);
        curve.second.push_back(lambda.dot(x.cwiseAbs2()) / 2);
        x.array() *= 1 - step * lambda.array();
    }
    return curve;
}

} // namespace

class RatesTest : public QObject {
    Q_OBJECT

private slots:
    void theBestStepContractsAtThePredictedRate() {
        const Vector<double> lambda = Vector<double>::LinSpaced(10, 1, 10);
        const SpectrumSummary summary = summarize(lambda);
        const auto [steps, losses] = descent(lambda, bestStep(summary).value, 60);
        const double predicted = predictedRate(summary.kappa).value;
        const std::span<const std::int64_t> late(steps.data() + 30, 30);
        const Reading measured = decayRate(late, {losses.data() + 30, 30});
        QVERIFY(std::abs(measured.value - predicted) < 1e-4);
        for (const double factor : {0.8, 1.1}) { // another step is slower
            const auto [otherSteps, other] = descent(lambda, factor * bestStep(summary).value, 60);
            const Reading slower = decayRate(late, {other.data() + 30, 30});
            QVERIFY(!slower.usable() || slower.value > measured.value + 0.01);
        }
    }

    void theRateOfANoisyCurveHasAnHonestError() {
        RandomStream stream(3, "tests");
        int within = 0;
        for (int k = 0; k < 200; ++k) {
            std::vector<std::int64_t> steps;
            std::vector<double> losses;
            for (int t = 0; t < 100; t += 2) {
                steps.push_back(t);
                losses.push_back(std::pow(0.95, 2 * t) * std::exp(0.3 * stream.normal()));
            }
            const Reading rate = decayRate(steps, losses);
            within += std::abs(rate.value - 0.95) < rate.error;
        }
        QVERIFY2(within > 110 && within < 165, qPrintable(QString::number(within))); // 68 % of 200 are 136
    }

    void whereThereIsNoRateItSaysWhy() {
        const std::vector<std::int64_t> steps{0, 1, 2, 3, 4, 5, 6, 7};
        QVERIFY(!decayRate(std::span(steps).first(3), std::vector<double>{3, 2, 1}).usable());
        for (const std::vector<double>& losses : {std::vector<double>(8, 1.0), std::vector<double>(8, 0.0),
                                                  std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}}) {
            const Reading rate = decayRate(steps, losses);
            QVERIFY(!rate.usable() && !rate.why.empty());
        }
    }

    void sharesOfAnEigenvectorAddUpToOne() {
        for (const char* normalization : {"none", "batch_norm"}) {
            const auto problem =
                randomProblem(lossCases(3, 20).front(), {5, 4}, activationSpec("tanh"),
                              {normalization, Parameters(normalizationCatalog().at(normalization))}, 5);
            const HessianOperator op(problem);
            const Spectrum spectrum = denseSpectrum(denseMatrix(op), true);
            const Vector<double> shares = layerShares(op.network(), spectrum.vectors.col(3));
            QCOMPARE(shares.size(), 3);
            QVERIFY(std::abs(shares.sum() - 1) < 1e-12 && shares.minCoeff() >= 0);
        }
        const auto problem = randomProblem(lossCases(3, 20).front(), {5, 4}, activationSpec("tanh"),
                                           {"none", Parameters(normalizationCatalog().at("none"))}, 5);
        const Index size = problem.network->theta().size();
        const Vector<double> shares = layerShares(*problem.network, Vector<double>::Unit(size, 3 * 5 + 5));
        QCOMPARE(shares, Vector<double>({{0, 1, 0}}));
    }
};

QTEST_APPLESS_MAIN(RatesTest)
#include "rates_test.moc"
