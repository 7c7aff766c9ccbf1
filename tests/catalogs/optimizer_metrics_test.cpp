// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "tests/support/random_matrix.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index parameters = 7;

/// Defaults, but without memory of the direction.
Parameters withoutMomentum(const OptimizerEntry& entry) {
    Parameters values(entry);
    for (const char* key : {"momentum", "beta1", "weight_decay"})
        if (values.has(key)) values.set(key, 0.0);
    return values;
}

/// |theta| after many steps on theta^2/2 from 1.
double distanceAfter(Optimizer<double>& optimizer, double rate, int steps) {
    Vector<double> theta = Vector<double>::Ones(1);
    optimizer.bind(1);
    for (int t = 0; t < steps; ++t)
        optimizer.step(theta, Vector<double>(theta), rate);
    return std::abs(theta[0]);
}

} // namespace

/// What optimizers tell of themselves to those who ask how they meet the curvature.
class OptimizerMetricsTest : public QObject {
    Q_OBJECT

private slots:
    void theMetricIsWhatMultipliesTheGradient_data() { addRows(); }
    void theMetricIsWhatMultipliesTheGradient() {
        QFETCH(QString, key);
        const auto& entry = optimizerCatalog().at(key.toStdString());
        const auto optimizer = entry.make<double>(withoutMomentum(entry));
        optimizer->bind(parameters);
        Vector<double> theta = randomVector<double>(parameters, 1), metric = Vector<double>::Ones(parameters);
        if (optimizer->metric(metric) != Metric::Identity)
            QVERIFY2(optimizer->metric(metric) == Metric::Unknown, "nothing is known before the first step");
        for (std::uint64_t t = 0; t < 5; ++t) {
            const Vector<double> before = theta, gradient = randomVector<double>(parameters, t + 2);
            optimizer->step(theta, gradient, 0.1);
            QVERIFY(optimizer->metric(metric) != Metric::Unknown);
            const Vector<double> expected = -0.1 * metric.cwiseProduct(gradient);
            QVERIFY((theta - before - expected).cwiseAbs().maxCoeff() < 1e-12);
        }
    }

    void stepsGrowBeyondTheStabilityLimitAndShrinkBelow_data() { addRows(); }
    void stepsGrowBeyondTheStabilityLimitAndShrinkBelow() {
        QFETCH(QString, key);
        const auto& entry = optimizerCatalog().at(key.toStdString());
        const auto optimizer = entry.make<double>(Parameters(entry));
        const double limit = optimizer->stabilityLimit();
        optimizer->bind(1);
        Vector<double> metric(1);
        if (optimizer->metric(metric) != Metric::Identity) { // adapts: the limit is that of a frozen metric
            QVERIFY(limit >= 2);
            return;
        }
        QVERIFY(distanceAfter(*optimizer, 0.98 * limit, 600) < 1e-3);
        QVERIFY(distanceAfter(*optimizer, 1.02 * limit, 600) > 1e3);
    }

    // m <- beta m + (1-beta) g, theta <- theta - eta m on theta^2/2: the roots of the recurrence.
    void adamsLimitIsThatOfAveragedMomentum() {
        const double beta = 0.9;
        const double limit = optimizerCatalog()
                                 .at("adam")
                                 .make<double>(Parameters(optimizerCatalog().at("adam")))
                                 ->stabilityLimit();
        for (const double factor : {0.98, 1.02}) {
            double theta = 1, m = 0;
            for (int t = 0; t < 4000; ++t) {
                m = beta * m + (1 - beta) * theta;
                theta -= factor * limit * m;
            }
            QCOMPARE(std::abs(theta) < 1, factor < 1);
        }
    }

private:
    void addRows() {
        QTest::addColumn<QString>("key");
        for (const auto& key : optimizerCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
};

QTEST_APPLESS_MAIN(OptimizerMetricsTest)
#include "optimizer_metrics_test.moc"
