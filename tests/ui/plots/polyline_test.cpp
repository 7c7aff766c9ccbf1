// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/polyline.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace kappascope::ui;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
const QRectF area(0, 0, 100, 50);

std::vector<QPolygonF> clipped(const std::vector<QPointF>& points) {
    std::vector<QPolygonF> parts;
    clipPolyline(points, area, parts);
    return parts;
}

double lengthOf(const std::vector<QLineF>& lines) {
    double length = 0;
    for (const QLineF& line : lines)
        length += line.length();
    return length;
}

} // namespace

class PolylineTest : public QObject {
    Q_OBJECT
private slots:
    void whatIsInsideStaysAsItIs() {
        const std::vector<QPointF> points{{1, 1}, {50, 20}, {99, 49}};
        const auto parts = clipped(points);
        QCOMPARE(parts.size(), std::size_t(1));
        QCOMPARE(parts[0], QPolygonF(QList<QPointF>(points.begin(), points.end())));
    }

    void linesAreCutAtTheEdge() {
        const auto parts = clipped({{-50, 25}, {50, 25}, {50, 1025}});
        QCOMPARE(parts.size(), std::size_t(1));
        QCOMPARE(parts[0], (QPolygonF{{0, 25}, {50, 25}, {50, 50}}));
    }

    void aLineThatLeavesAndComesBackHasTwoParts() {
        const auto parts = clipped({{10, 25}, {20, -75}, {30, -75}, {40, 25}});
        QCOMPARE(parts.size(), std::size_t(2));
        QCOMPARE(parts[0].last().y(), 0.0);
        QCOMPARE(parts[1].first().y(), 0.0);
    }

    void aLineAcrossWithoutAPointInsideIsSeen() {
        const auto parts = clipped({{-1e6, 10}, {1e6, 10}});
        QCOMPARE(parts.size(), std::size_t(1));
        QCOMPARE(parts[0].first().x(), 0.0);
        QCOMPARE(parts[0].last().x(), 100.0);
    }

    void gapsBreakTheLineAndLonePointsShow() {
        const auto parts =
            clipped({{1, 1}, {5, 5}, {6, notANumber}, {10, 10}, {11, notANumber}, {20, 20}, {30, 30}});
        QCOMPARE(parts.size(), std::size_t(3));
        QCOMPARE(parts[1].size(), 2);
        QCOMPARE(parts[1].first(), QPointF(10, 10));
    }

    void infiniteValuesAreGaps() {
        QCOMPARE(clipped({{1, 1}, {2, HUGE_VAL}, {3, 3}, {4, 4}}).size(), std::size_t(2));
    }

    void dashesHaveTheirLengthAroundCorners() {
        std::vector<QLineF> dashes;
        dashPolyline(QPolygonF{{0, 0}, {7, 0}, {7, 7}, {100, 7}}, 4, 3, dashes);
        // 107 pixels in periods of 7: 15 whole ones and 2 more pixels of a dash.
        QVERIFY(std::abs(lengthOf(dashes) - (15 * 4 + 2)) < 1e-9);
        QCOMPARE(dashes.front(), QLineF(0, 0, 4, 0));
        for (const QLineF& dash : dashes)
            QVERIFY(dash.length() <= 4 + 1e-9);
    }

    void dashesGoOnThroughManyShortSegments() {
        QPolygonF line;
        for (int i = 0; i <= 700; ++i)
            line << QPointF(i * 0.1, 0);
        std::vector<QLineF> dashes;
        dashPolyline(line, 4, 3, dashes);
        QVERIFY(std::abs(lengthOf(dashes) - 40) < 1e-6);
    }
};

QTEST_APPLESS_MAIN(PolylineTest)
#include "polyline_test.moc"
