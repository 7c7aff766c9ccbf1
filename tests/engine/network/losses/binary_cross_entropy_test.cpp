// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"
#include "tests/support/small_data.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

template<class S>
double lossOf(S z, int label, S* gradient = nullptr) {
    const auto loss = lossCatalog().at("binary_cross_entropy").make<S>({});
    Matrix<S> out = Matrix<S>::Constant(1, 1, z), dz(1, 1);
    const double value = loss->gradient(out, Targets<S>{{label}, {}}, std::vector<int>{0}, dz);
    if (gradient) *gradient = dz(0, 0);
    return value;
}

} // namespace

class BinaryCrossEntropyTest : public QObject {
    Q_OBJECT

private slots:
    void equalsTheNaiveFormulaWhereThatWorks() {
        for (double z = -8; z <= 8; z += 0.37) {
            const double p = 1 / (1 + std::exp(-z));
            QVERIFY(std::abs(lossOf(z, 1) + std::log(p)) < 1e-12); // the naive 1 - p loses e^8 ulps
            QVERIFY(std::abs(lossOf(z, 0) + std::log(1 - p)) < 1e-12);
        }
    }

    // log(e^z0 + e^z1) - z1 of logits (0, z) is the loss of the one logit z.
    void isTheCrossEntropyOfTwoLogitsZeroAndZ() {
        const auto softmax = lossCatalog().at("cross_entropy").make<double>({});
        for (double z = -8; z <= 8; z += 0.37)
            for (int label = 0; label < 2; ++label) {
                const Matrix<double> pair = Eigen::Vector2d(0, z);
                const double expected = softmax->sum(pair, Targets<double>{{label}, {}}, 0);
                QVERIFY(std::abs(lossOf(z, label) - expected) < 1e-15 * 8);
            }
    }

    void survivesExtremeLogits() {
        double gradient = 0;
        QCOMPARE(lossOf(1000.0, 0, &gradient), 1000.0);
        QCOMPARE(gradient, 1.0);
        QCOMPARE(lossOf(-1000.0, 1, &gradient), 1000.0);
        QCOMPARE(gradient, -1.0);
        QVERIFY(lossOf(1000.0, 1, &gradient) < 1e-300);
        QVERIFY(std::abs(gradient) < 1e-300);
        QCOMPARE(lossOf(1e30f, 0), static_cast<double>(1e30f));
    }

    void keepsSmallLossesExact() {
        QVERIFY(std::abs(lossOf(30.0f, 1) / std::exp(-30.0) - 1) < 1e-6);
        QVERIFY(std::abs(lossOf(-80.0, 0) / std::exp(-80.0) - 1) < 1e-13);
    }

    void wantsOneOutputForTwoClasses() {
        const auto loss = lossCatalog().at("binary_cross_entropy").make<double>({});
        QCOMPARE(loss->outputs(classification(2, 2, 6)), Index{1});
    }

    void refusesNumbersAndMoreClasses() {
        const auto loss = lossCatalog().at("binary_cross_entropy").make<double>({});
        try {
            loss->outputs(classification(3, 2, 6));
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.what(),
                     "loss: binary_cross_entropy needs two classes, but 'labels' has 3. Use cross_entropy.");
        }
        try {
            loss->outputs(regression(1, 2, 6));
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.what(), "loss: binary_cross_entropy needs classes, but 'numbers' has numbers. Use "
                                   "mean_squared_error.");
        }
    }
};

QTEST_APPLESS_MAIN(BinaryCrossEntropyTest)
#include "binary_cross_entropy_test.moc"
