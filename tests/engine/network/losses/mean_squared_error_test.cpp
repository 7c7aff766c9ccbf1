// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"
#include "tests/support/small_data.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

class MeanSquaredErrorTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Loss<double>> loss_ = lossCatalog().at("mean_squared_error").make<double>({});

private slots:
    void isHalfTheMeanSquare() {
        const Dataset data = regression(3, 2, 10);
        const Matrix<double> z = randomMatrix<double>(3, 10, 4);
        Matrix<double> dz(3, 10);
        const double value = loss_->gradient(z, loss_->targets(data), firstSamples(10), dz);
        double expected = 0;
        for (Index n = 0; n < 10; ++n)
            for (Index k = 0; k < 3; ++k)
                expected += (z(k, n) - data.y(k, n)) * (z(k, n) - data.y(k, n)) / 20;
        QVERIFY(std::abs(value - expected) < 1e-14);
        QVERIFY(dz.isApprox((z - data.y) / 10));
    }

    // math.md section 5: one linear neuron a = w x + b; the Hessian in (b, w) is [[1, mu], [mu, mu^2 +
    // sigma^2]]. Of a quadratic, second differences are exact.
    void givesALinearNeuronItsCovarianceAsHessian() {
        Dataset data = regression(1, 1, 50);
        const Matrix<double> x = data.x.dense();
        const auto value = [&](double b, double w) {
            return loss_->sum((w * x).array() + b, loss_->targets(data), 0) / 50;
        };
        const double mean = x.mean(), square = x.squaredNorm() / 50;
        const double bb = value(1, 0) - 2 * value(0, 0) + value(-1, 0);
        const double ww = value(0, 1) - 2 * value(0, 0) + value(0, -1);
        const double bw = (value(1, 1) - value(1, -1) - value(-1, 1) + value(-1, -1)) / 4;
        QVERIFY(std::abs(bb - 1) < 1e-12);
        QVERIFY(std::abs(ww - square) < 1e-12);
        QVERIFY(std::abs(bw - mean) < 1e-12);
    }

    void turnsTwoClassesIntoOneOutputOfMinusAndPlusOne() {
        const Dataset data = classification(2, 2, 9);
        QCOMPARE(loss_->outputs(data), Index{1});
        const Targets<double> targets = loss_->targets(data);
        for (Index n = 0; n < 9; ++n)
            QCOMPARE(targets.values(0, n), data.labels[static_cast<std::size_t>(n)] == 1 ? 1.0 : -1.0);
        Matrix<double> z(1, 4);
        z << -3, -0.5, 0.5, 3;
        Matrix<double> expected(2, 4);
        expected << 1, 0.75, 0.25, 0, 0, 0.25, 0.75, 1;
        QVERIFY((loss_->probabilities(z, Task::Classification) - expected).cwiseAbs().maxCoeff() < 1e-15);
    }

    void turnsMoreClassesIntoOneOutputEach() {
        const Dataset data = classification(4, 2, 9);
        QCOMPARE(loss_->outputs(data), Index{4});
        const Targets<double> targets = loss_->targets(data);
        for (Index n = 0; n < 9; ++n)
            for (Index k = 0; k < 4; ++k)
                QCOMPARE(targets.values(k, n), data.labels[static_cast<std::size_t>(n)] == k ? 1.0 : 0.0);
    }

    void knowsNothingWhereAllOutputsAreNegative() {
        const Matrix<double> z = Matrix<double>::Constant(4, 1, -2);
        QVERIFY((loss_->probabilities(z, Task::Classification).array() == 0.25).all());
    }

    void refusesASingleClass() {
        try {
            loss_->outputs(classification(1, 2, 6));
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.what(), "loss: mean_squared_error needs two classes or more, but 'labels' has 1.");
        }
    }
};

QTEST_APPLESS_MAIN(MeanSquaredErrorTest)
#include "mean_squared_error_test.moc"
