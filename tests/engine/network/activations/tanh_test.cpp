// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace kappascope;

namespace {

std::unique_ptr<Activation<double>> makeTanh() {
    return activationCatalog().at("tanh").make<double>({});
}

double tanhOf(double x) {
    Matrix<double> a = Matrix<double>::Constant(1, 1, x);
    makeTanh()->apply(a, a);
    return a(0, 0);
}

/// Arguments of both signs from the smallest numbers to saturation, dense about the seam at 0.625.
Matrix<double> arguments() {
    constexpr Index count = 200'000;
    Matrix<double> a(2 * count + 2, 1);
    for (Index i = 0; i < count; ++i) {
        const double t = static_cast<double>(i) / count;
        a(2 * i) = std::pow(10.0, -20 + 21.4 * t);
        a(2 * i + 1) = -(0.6 + 0.05 * t);
    }
    a(2 * count) = std::numeric_limits<double>::denorm_min();
    a(2 * count + 1) = -std::numeric_limits<double>::min();
    return a;
}

} // namespace

class TanhTest : public QObject {
    Q_OBJECT

private slots:
    void isRightToTwoUlps() {
        const Matrix<double> a = arguments();
        Matrix<double> h(a.rows(), 1);
        makeTanh()->apply(a, h);
        double worst = 0;
        for (Index i = 0; i < a.size(); ++i) {
            const long double exact = std::tanh(static_cast<long double>(a(i)));
            const double rounded = static_cast<double>(exact);
            const double ulp = std::nextafter(std::abs(rounded), 2.0) - std::abs(rounded);
            worst = std::max(worst, static_cast<double>(std::abs(h(i) - exact)) / ulp);
        }
        QVERIFY2(worst < 2, qPrintable(QString::number(worst)));
    }

    void isExactWhereItMust() {
        QCOMPARE(tanhOf(0.0), 0.0);
        QVERIFY(!std::signbit(tanhOf(0.0)) && std::signbit(tanhOf(-0.0)));
        const double infinity = std::numeric_limits<double>::infinity();
        QVERIFY(tanhOf(infinity) == 1 && tanhOf(-infinity) == -1);
        QVERIFY(tanhOf(20) == 1 && tanhOf(-1e300) == -1);
    }

    void isOddAndNeverBeyondOne() {
        const Matrix<double> a = arguments();
        Matrix<double> h(a.rows(), 1), mirrored(a.rows(), 1);
        makeTanh()->apply(a, h);
        makeTanh()->apply(Matrix<double>(-a), mirrored);
        QVERIFY(h == -mirrored);
        QVERIFY(h.cwiseAbs().maxCoeff() <= 1);
    }

    // Packets and left-over elements run the same code.
    void givesTheSameBitsWhereverANumberStands() {
        for (Index place = 0; place < 19; ++place) {
            Matrix<double> a = Matrix<double>::Zero(19, 1);
            a(place) = 0.9137;
            makeTanh()->apply(a, a);
            QCOMPARE(a(place), tanhOf(0.9137));
        }
    }
};

QTEST_APPLESS_MAIN(TanhTest)
#include "tanh_test.moc"
