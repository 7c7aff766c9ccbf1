// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/sample_statistics.h"

#include <QTest>
#include <cmath>

using namespace kappascope;

class SampleStatisticsTest : public QObject {
    Q_OBJECT
private slots:
    // Student's own example (Biometrika 6, 1908, p. 20): hours of sleep gained with two drugs.
    void pairedDifferenceIsStudents() {
        const std::vector<double> first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
        const std::vector<double> second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
        const Interval gained = pairedDifference(second, first);
        QVERIFY(std::abs(gained.middle - 1.58) < 1e-12);
        QVERIFY(std::abs(gained.low() - 0.7001) < 2e-4); // R: t.test(extra ~ group, paired = TRUE)
        QVERIFY(std::abs(gained.high() - 2.4599) < 2e-4);
    }

    void whatSeedsShareDropsOut() {
        const std::vector<double> a{1, 5, 9}, b{0, 4, 8};
        QCOMPARE(pairedDifference(a, b).middle, 1.0);
        QVERIFY(pairedDifference(a, b).half < 1e-12);
        QVERIFY(meanInterval(a).half > 5);
    }

    void spreadIsThatOfTheSample() {
        const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
        const Spread spread = spreadOf(values);
        QCOMPARE(spread.mean, 5.0);
        QVERIFY(std::abs(spread.deviation - std::sqrt(32.0 / 7)) < 1e-12);
        QCOMPARE(spread.median, 4.5);
        QCOMPARE(spread.minimum, 2.0);
        QCOMPARE(spread.maximum, 9.0);
        QCOMPARE(spread.count, 8);
    }

    void logarithmicSpreadIsGeometric() {
        const std::vector<double> values{1, 10, 100};
        const Spread spread = logarithmicSpreadOf(values);
        QVERIFY(std::abs(spread.mean - 10) < 1e-12);
        QVERIFY(std::abs(spread.deviation - 10) < 1e-12);
        QVERIFY(std::abs(spread.maximum - 100) < 1e-10);
    }

    void oneNumberHasNoInterval() {
        const std::vector<double> one{3};
        QVERIFY(std::isinf(meanInterval(one).half));
        QCOMPARE(spreadOf(one).deviation, 0.0);
    }

    void quantilesFall() {
        for (int n = 1; n < 40; ++n)
            QVERIFY(studentQuantile(n) > studentQuantile(n + 1) || n > 30);
        QCOMPARE(studentQuantile(4), 2.776);
    }
};

QTEST_APPLESS_MAIN(SampleStatisticsTest)
#include "sample_statistics_test.moc"
