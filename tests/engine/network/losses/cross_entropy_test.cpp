// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"
#include "tests/support/small_data.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

template<class S>
double lossOf(const Vector<S>& z, int label, Vector<S>* gradient = nullptr) {
    const auto loss = lossCatalog().at("cross_entropy").make<S>({});
    Matrix<S> dz(z.size(), 1);
    const double value = loss->gradient(z, Targets<S>{{label}, {}}, std::vector<int>{0}, dz);
    if (gradient) *gradient = dz;
    return value;
}

} // namespace

class CrossEntropyTest : public QObject {
    Q_OBJECT

private slots:
    void equalsTheNaiveFormulaWhereThatWorks() {
        const Matrix<double> z = randomMatrix<double>(5, 40, 3);
        for (Index n = 0; n < z.cols(); ++n) {
            const int label = static_cast<int>(n % 5);
            const double naive = -std::log(std::exp(z(label, n)) / z.col(n).array().exp().sum());
            QVERIFY(std::abs(lossOf<double>(z.col(n), label) - naive) < 1e-14);
        }
    }

    void survivesExtremeLogits() {
        Vector<double> gradient;
        QCOMPARE(lossOf<double>(Eigen::Vector3d(1000, -1000, 0), 1, &gradient), 2000.0);
        QVERIFY(gradient.isApprox(Eigen::Vector3d(1, -1, 0)));
        QCOMPARE(lossOf<double>(Eigen::Vector3d(1000, -1000, 0), 0), 0.0);
        QCOMPARE(lossOf<float>(Eigen::Vector2f(-1e30f, 1e30f), 0), 2 * static_cast<double>(1e30f));
    }

    // 1 + e^-30 is 1 in float, yet the loss is e^-30.
    void keepsSmallLossesExact() {
        QVERIFY(std::abs(lossOf<float>(Eigen::Vector2f(30, 0), 0) / std::exp(-30.0) - 1) < 1e-6);
        QVERIFY(std::abs(lossOf<double>(Eigen::Vector2d(80, 0), 0) / std::exp(-80.0) - 1) < 1e-14);
    }

    void wantsOneOutputAClass() {
        const auto loss = lossCatalog().at("cross_entropy").make<double>({});
        QCOMPARE(loss->outputs(classification(2, 2, 6)), Index{2});
        QCOMPARE(loss->outputs(classification(7, 2, 9)), Index{7});
    }

    void refusesNumbersAndASingleClass() {
        const auto loss = lossCatalog().at("cross_entropy").make<double>({});
        try {
            loss->outputs(regression(1, 2, 6));
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.what(), "loss: cross_entropy needs classes, but 'numbers' has numbers. Use "
                                   "mean_squared_error.");
        }
        try {
            loss->outputs(classification(1, 2, 6));
            QFAIL("accepted");
        } catch (const InputError& error) {
            QCOMPARE(error.what(), "loss: cross_entropy needs two classes or more, but 'labels' has 1.");
        }
    }
};

QTEST_APPLESS_MAIN(CrossEntropyTest)
#include "cross_entropy_test.moc"
