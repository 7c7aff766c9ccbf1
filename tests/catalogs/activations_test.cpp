// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation.h"
#include "tests/support/random_matrix.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double step = 1e-5;
constexpr double derivativeTolerance = 1e-9; // step^2 times a third derivative of about 1, and 1e-16/step
constexpr double floatTolerance = 4e-6;      // some ulps of float at |a| < 10

/// Numbers over (-9, 9) without the kink at 0, in a matrix whose size is no multiple of a SIMD packet.
Matrix<double> arguments() {
    Matrix<double> a = 2.5 * randomMatrix<double>(5, 23, 1);
    return (a.array().abs() < 10 * step).select(0.5, a);
}

template<class S>
Matrix<S> apply(const Activation<S>& activation, const Matrix<S>& a) {
    Matrix<S> h(a.rows(), a.cols());
    activation.apply(a, h);
    return h;
}

template<class S>
Matrix<S> derivative(const Activation<S>& activation, const Matrix<S>& a) {
    Matrix<S> d = Matrix<S>::Ones(a.rows(), a.cols());
    activation.multiplyDerivative(a, apply(activation, a), d);
    return d;
}

} // namespace

class ActivationsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<Activation<double>> activation_;
    std::unique_ptr<Activation<float>> single_;

    static void rows() {
        QTest::addColumn<QString>("key");
        for (const auto& key : activationCatalog().keys())
            QTest::newRow(key.c_str()) << QString::fromStdString(key);
    }
    void fetch() {
        QFETCH(QString, key);
        const auto& entry = activationCatalog().at(key.toStdString());
        activation_ = entry.make<double>(Parameters(entry));
        single_ = entry.make<float>(Parameters(entry));
    }

private slots:
    void derivativeIsThatOfTheValue_data() { rows(); }
    void derivativeIsThatOfTheValue() {
        fetch();
        const Matrix<double> a = arguments(), h = Matrix<double>::Constant(a.rows(), a.cols(), step);
        const Matrix<double> slope =
            (apply<double>(*activation_, a + h) - apply<double>(*activation_, a - h)) / (2 * step);
        QVERIFY((derivative(*activation_, a) - slope).cwiseAbs().maxCoeff() < derivativeTolerance);
    }

    void derivativeMultipliesWhatItIsGiven_data() { rows(); }
    void derivativeMultipliesWhatItIsGiven() {
        fetch();
        const Matrix<double> a = arguments(), given = randomMatrix<double>(a.rows(), a.cols(), 2);
        Matrix<double> d = given;
        activation_->multiplyDerivative(a, apply(*activation_, a), d);
        const Matrix<double> expected = given.cwiseProduct(derivative(*activation_, a));
        QVERIFY((d - expected).cwiseAbs().maxCoeff() <= 1e-15 * given.cwiseAbs().maxCoeff());
    }

    void floatAgreesWithDouble_data() { rows(); }
    void floatAgreesWithDouble() {
        fetch();
        const Matrix<float> a = arguments().cast<float>();
        const Matrix<double> exact = a.cast<double>();
        const auto close = [](const Matrix<float>& x, const Matrix<double>& y) {
            return ((x.cast<double>() - y).array().abs() <= floatTolerance * (1 + y.array().abs())).all();
        };
        QVERIFY(close(apply(*single_, a), apply(*activation_, exact)));
        QVERIFY(close(derivative(*single_, a), derivative(*activation_, exact)));
    }

    void worksInPlaceAndOnPartsOfMatrices_data() { rows(); }
    void worksInPlaceAndOnPartsOfMatrices() {
        fetch();
        const Matrix<double> a = arguments(), h = apply(*activation_, a);
        Matrix<double> inPlace = a;
        activation_->apply(inPlace, inPlace);
        QVERIFY(inPlace == h);
        Matrix<double> large = Matrix<double>::Constant(9, a.cols(), 7), slopes = large;
        large.middleRows(2, a.rows()) = a;
        slopes.middleRows(2, a.rows()).setOnes();
        activation_->apply(large.middleRows(2, a.rows()), large.middleRows(2, a.rows()));
        activation_->multiplyDerivative(a, large.middleRows(2, a.rows()), slopes.middleRows(2, a.rows()));
        QVERIFY((large.middleRows(2, a.rows()) - h).cwiseAbs().maxCoeff() < 1e-15 * 10);
        QVERIFY((slopes.middleRows(2, a.rows()) - derivative(*activation_, a)).cwiseAbs().maxCoeff() < 1e-14);
        QVERIFY((large.topRows(2).array() == 7).all() && (large.bottomRows(2).array() == 7).all());
        QVERIFY((slopes.topRows(2).array() == 7).all() && (slopes.bottomRows(2).array() == 7).all());
    }

    void staysFiniteForLargeArguments_data() { rows(); }
    void staysFiniteForLargeArguments() {
        fetch();
        Matrix<double> a(6, 1);
        a << 30, -30, 800, -800, 1e30, -1e30;
        QVERIFY(apply(*activation_, a).allFinite());
        QVERIFY(derivative(*activation_, a).allFinite());
        const Matrix<float> b = a.cast<float>();
        QVERIFY(apply(*single_, b).allFinite());
        QVERIFY(derivative(*single_, b).allFinite());
    }

    // A run that has diverged must not look as if it had not.
    void keepsNotANumber_data() { rows(); }
    void keepsNotANumber() {
        fetch();
        const Matrix<double> a = Matrix<double>::Constant(11, 1, std::numeric_limits<double>::quiet_NaN());
        QVERIFY(apply(*activation_, a).array().isNaN().all());
        QVERIFY(apply<float>(*single_, a.cast<float>()).array().isNaN().all());
    }
};

QTEST_APPLESS_MAIN(ActivationsTest)
#include "activations_test.moc"
