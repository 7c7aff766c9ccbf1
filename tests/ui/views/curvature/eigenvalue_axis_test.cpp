// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/dot_swarm.h"
#include "ui/views/curvature/eigenvalue_axis.h"
#include "ui/views/curvature/log_density.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::ui;

class EigenvalueAxisTest : public QObject {
    Q_OBJECT
private slots:
    void positiveSizesAscendAndNegativeOnesMirrorThem() {
        EigenvalueAxis axis;
        axis.setSizes(1e-4, 1e2, 1e-1); // 6 and 3 decades
        axis.setPixels(10, 250, 60);
        QCOMPARE(axis.pixelsPerDecade(), 20.0);
        QCOMPARE(axis.zeroLeft(), 70.0);
        QCOMPARE(axis.zeroRight(), 130.0);
        QCOMPARE(axis.x(1e-4), 130.0);
        QCOMPARE(axis.x(1), 210.0);
        QCOMPARE(axis.x(-1e-3), 50.0);
        QCOMPARE(axis.x(-1e-1), 10.0);
        QCOMPARE(axis.x(0), 100.0);
        QCOMPARE(axis.x(1e-9), 100.0); // smaller than the axis has: in the zone of zero
        QCOMPARE(axis.x(1e9), 250.0);  // at the end, never out of sight
        QCOMPARE(axis.x(-5), 10.0);
        for (const double value : {3e-4, 0.7, -2e-3})
            QVERIFY(std::abs(axis.valueAt(axis.x(value)) / value - 1) < 1e-12);
        QCOMPARE(axis.valueAt(100), 0.0);
    }

    void thereIsNoNegativeBranchWithoutNegativeValues() {
        EigenvalueAxis axis;
        axis.setSizes(2e-3, 30, 0); // rounded outwards to 1e-3 ... 1e2
        axis.setPixels(0, 150, 50);
        QCOMPARE(axis.zeroLeft(), 0.0);
        QCOMPARE(axis.pixelsPerDecade(), 20.0);
        QCOMPARE(axis.largest(), 100.0);
    }

    void labelsArePowersOfTenAsFarApartAsAskedFor() {
        EigenvalueAxis axis;
        axis.setSizes(1e-4, 1e2, 1e-1);
        axis.setPixels(10, 250, 60);
        QStringList labels;
        for (const auto& tick : axis.ticks(40)) {
            labels << tick.label;
            QVERIFY(std::abs(axis.x(tick.label.toDouble()) - tick.x) < 1e-9);
        }
        QCOMPARE(labels, QStringList({"-1e-2", "1e-2", "1e0", "1e2"}));
    }

    void dotsKeepTheirPlaceAndPileUpWhereTheyWouldOverlap() {
        const QRectF area(0, 0, 100, 50);
        const DotSwarm dots = swarm({10, 12, 14, 40}, area);
        QCOMPARE(dots.size, DotSwarm::largest);
        QCOMPARE(dots.at[1].x(), 12.0);
        QCOMPARE(dots.at[0].y(), 50 - dots.size / 2);
        QCOMPARE(dots.at[1].y(), dots.at[0].y() - dots.size);
        QCOMPARE(dots.at[2].y(), dots.at[0].y() - 2 * dots.size);
        QCOMPARE(dots.at[3].y(), dots.at[0].y()); // alone: on the ground
    }

    void manyDotsAreSmallerAndStayWithinTheirArea() {
        const QRectF area(0, 10, 100, 40);
        for (const int count : {9, 100}) {
            const DotSwarm dots = swarm(std::vector<double>(static_cast<std::size_t>(count), 50.0), area);
            QVERIFY(dots.size < DotSwarm::largest);
            for (const QPointF& at : dots.at)
                QVERIFY(at.y() - dots.size / 2 >= area.top() - 1e-9 &&
                        at.y() + dots.size / 2 <= area.bottom() + 1e-9);
            for (std::size_t i = 1; i < dots.at.size(); ++i)
                QVERIFY(dots.at[i].y() < dots.at[i - 1].y()); // each can be seen
        }
    }

    void theDensityCountsAllEigenvaluesOutsideTheBand() {
        SpectralDensity density;
        density.size = 100;
        density.samples.push_back({Vector<double>(3), Vector<double>(3)});
        density.samples[0].nodes << -0.1, 1e-9, 10;
        density.samples[0].weights << 0.1, 0.6, 0.3;
        const LogDensity curve(density, 1e-3);
        QCOMPARE(curve.zeros().value, 60.0);
        const auto countOf = [&](double sign) { // the integral over decades
            double sum = 0;
            for (double decade = -4; decade < 4; decade += 0.01)
                sum += 0.01 * curve.perDecade(sign * std::pow(10, decade));
            return sum;
        };
        QVERIFY(std::abs(countOf(1) - 30) < 1e-6);
        QVERIFY(std::abs(countOf(-1) - 10) < 1e-6);
        QVERIFY(curve.perDecade(10) > curve.perDecade(5));
    }
};

QTEST_APPLESS_MAIN(EigenvalueAxisTest)
#include "eigenvalue_axis_test.moc"
