// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation.h"

#include <QTest>

#include <cmath>
#include <numbers>

using namespace kappascope;

class GeluTest : public QObject {
    Q_OBJECT

private slots:
    // a/2 erfc(-a/sqrt 2), by the C library in extended precision; down to values of 1e-21.
    void isRightIntoTheTail() {
        constexpr double tolerance = 2e-14; // e^(-a^2/2) turns an ulp of a^2/2 = 45 into 45 of its own
        const Matrix<double> a = Vector<double>::LinSpaced(10'001, -9.5, 9.5);
        Matrix<double> h(a.rows(), 1);
        activationCatalog().at("gelu").make<double>({})->apply(a, h);
        for (Index i = 0; i < a.size(); ++i) {
            const long double x = a(i);
            const long double exact = x / 2 * std::erfc(-x / std::numbers::sqrt2_v<long double>);
            QVERIFY2(std::abs(h(i) - exact) <= tolerance * std::abs(exact),
                     qPrintable(QString::number(a(i))));
        }
    }
};

QTEST_APPLESS_MAIN(GeluTest)
#include "gelu_test.moc"
