// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve.h"

#include "tests/support/plot_scenes.h"

#include <QTest>
#include <cmath>
#include <functional>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

Series::Block block(std::int64_t first, std::int64_t last, double low, double high, unsigned count,
                    unsigned notFinite = 0) {
    Series::Block b;
    b.first = first;
    b.last = last;
    b.minimum = low;
    b.maximum = high;
    b.front = low;
    b.back = high;
    b.mean = (low + high) / 2;
    b.count = count;
    b.notFinite = notFinite;
    return b;
}

/// Bit by bit, gaps included.
bool same(const std::vector<QPointF>& a, const std::vector<QPointF>& b) {
    return std::ranges::equal(a, b, [](const QPointF& p, const QPointF& q) {
        return p.x() == q.x() && (p.y() == q.y() || (std::isnan(p.y()) && std::isnan(q.y())));
    });
}

bool same(const std::vector<EdgeMark>& a, const std::vector<EdgeMark>& b) {
    return std::ranges::equal(
        a, b, [](const EdgeMark& p, const EdgeMark& q) { return p.x == q.x && p.kind == q.kind; });
}

} // namespace

class CurveTest : public QObject {
    Q_OBJECT
private slots:
    void singleValuesBecomePoints() {
        std::vector<QPointF> points;
        appendPoints({block(0, 0, 3, 3, 1), block(1, 1, 5, 5, 1)}, {}, false, points, nullptr);
        QCOMPARE(points, (std::vector<QPointF>{{0, 3}, {1, 5}}));
    }

    void blocksAreEnteredAndLeftWhereTheLineIs() {
        std::vector<QPointF> points;
        Series::Block fall = block(10, 19, 1, 9, 10);
        fall.front = 8;
        fall.back = 2;
        appendPoints({block(0, 9, 1, 9, 10), fall}, {}, false, points, nullptr);
        QCOMPARE(points, (std::vector<QPointF>{{0, 1}, {9, 9}, {10, 8}, {10, 9}, {19, 1}, {19, 2}}));
    }

    void notFiniteIsAGapAndAMarkNeverAZero() {
        std::vector<QPointF> points;
        std::vector<EdgeMark> marks;
        appendPoints(
            {block(0, 0, 3, 3, 1), block(1, 1, 0, 0, 0, 1), block(2, 2, 0, 0, 0, 1), block(3, 3, 4, 4, 1)},
            {}, false, points, &marks);
        QCOMPARE(points.size(), std::size_t(3));
        QCOMPARE(points[0], QPointF(0, 3));
        QVERIFY(std::isnan(points[1].y()));
        QCOMPARE(points[2], QPointF(3, 4));
        QVERIFY(same(marks, {{1, EdgeMark::Kind::NotFinite}, {2, EdgeMark::Kind::NotFinite}}));
    }

    void aBlockWithSomeNotFiniteValuesIsDrawnAndMarked() {
        std::vector<QPointF> points;
        std::vector<EdgeMark> marks;
        appendPoints({block(0, 9, 1, 2, 8, 2)}, {}, false, points, &marks);
        QCOMPARE(points, (std::vector<QPointF>{{0, 1}, {9, 2}}));
        QVERIFY(same(marks, {{9, EdgeMark::Kind::NotFinite}}));
    }

    void onALogarithmicAxisWhatIsNotPositiveIsMarked() {
        std::vector<QPointF> points;
        std::vector<EdgeMark> marks;
        appendPoints(
            {block(0, 0, 3, 3, 1), block(1, 1, 0, 0, 1), block(2, 5, -1, 7, 4), block(6, 6, 2, 2, 1)}, {},
            true, points, &marks);
        QVERIFY(std::isnan(points[1].y()));
        for (const QPointF& point : points)
            QVERIFY(std::isnan(point.y()) || point.y() > 0);
        QCOMPARE(points[2].y(), 7.0); // the part of the block that can be drawn
        QVERIFY(same(marks, {{1, EdgeMark::Kind::NotPositive}, {5, EdgeMark::Kind::NotPositive}}));
        points.clear();
        marks.clear();
        appendPoints({block(1, 1, 0, 0, 1)}, {}, false, points, &marks);
        QCOMPARE(points, (std::vector<QPointF>{{1, 0}}));
        QVERIFY(marks.empty());
    }

    void everyExtremeSurvivesAnyWidth() {
        constexpr int steps = 50000, spike = 31234, hole = 777;
        const auto scene = makeScene(1, steps, [](int, int step) {
            return step == spike ? 100.0 : step == hole ? -50.0 : std::sin(step * 0.1);
        });
        CurveWindow window{.from = 0, .to = steps, .width = 200};
        const Curve curve = readCurve(scene->runs[0], makeSpec().series[0], -1, window);
        QVERIFY(curve.raw.size() <= std::size_t(4 * (2 * 200 + 4)));
        const auto [low, high] = std::ranges::minmax(curve.raw, {}, &QPointF::y);
        QCOMPARE(high.y(), 100.0);
        QCOMPARE(low.y(), -50.0);
    }

    void aLogarithmicAxisShowsItsFirstDecadeStepByStep() {
        const auto scene = makeScene(1, 3000, [](int, int step) { return double(step); });
        CurveWindow window{.from = 1, .to = 3000, .width = 300, .logX = true};
        const Curve curve = readCurve(scene->runs[0], makeSpec().series[0], -1, window);
        for (int step = 1; step <= 10; ++step)
            QVERIFY(std::ranges::find(curve.raw, QPointF(step, step)) != curve.raw.end());
        QVERIFY(std::ranges::is_sorted(curve.raw, {}, &QPointF::x));
    }

    void aLogarithmicAxisHasEveryValueInOnePixel() {
        // Whatever is drawn near a value spans it: no value is lost where octaves meet.
        constexpr int steps = 200'000, width = 500;
        const auto value = [](int step) { return std::sin(step * step * 0.37) / (1 + step * 1e-4); };
        const auto scene = makeScene(1, steps, [&](int, int step) { return value(step); });
        CurveWindow window{.from = 1, .to = steps, .width = width, .logX = true};
        const Curve curve = readCurve(scene->runs[0], makeSpec().series[0], -1, window);
        QVERIFY(std::ranges::is_sorted(curve.raw, {}, &QPointF::x));
        const double pixel = std::pow(steps, 2.5 / width);
        for (int step = 1; step < steps; ++step) {
            const auto near = std::ranges::lower_bound(curve.raw, step / pixel, {}, &QPointF::x);
            double low = HUGE_VAL, high = -HUGE_VAL;
            for (auto point = near; point != curve.raw.end() && point->x() <= step * pixel; ++point) {
                low = std::min(low, point->y());
                high = std::max(high, point->y());
            }
            QVERIFY2(low <= value(step) && value(step) <= high, qPrintable(QString::number(step)));
        }
    }

    void theBeginningOfALongRunFallsOnALogarithmicAxisAsItDid() {
        const auto scene = makeScene(1, 400'000, [](int, int step) { return 1.0 / (1 + step); });
        CurveWindow window{.from = 1, .to = 400'000, .width = 800, .logX = true};
        const Curve curve = readCurve(scene->runs[0], makeSpec().series[0], -1, window);
        QVERIFY(std::ranges::is_sorted(curve.raw, std::greater(), &QPointF::y));
    }

    void smoothingIsTheDebiasedMean() {
        const auto scene = makeScene(1, 100, [](int, int step) { return step % 2 ? 1.0 : 3.0; });
        CurveWindow window{.from = 0, .to = 100, .width = 400, .smoothing = 0.9};
        const Curve curve = readCurve(scene->runs[0], makeSpec().series[0], -1, window);
        QCOMPARE(curve.smooth.size(), std::size_t(100));
        QCOMPARE(&curve.line(), &curve.smooth);
        double m = 0, weight = 1;
        for (int k = 0; k < 100; ++k) {
            m = 0.9 * m + 0.1 * (k % 2 ? 1.0 : 3.0);
            weight *= 0.9;
            QVERIFY(std::abs(curve.smooth[std::size_t(k)].y() - m / (1 - weight)) < 1e-12);
        }
    }

    void whatGrowsIsTheCurveThatIsReadAnew_data() {
        QTest::addColumn<int>("every");
        QTest::addColumn<double>("smoothing");
        QTest::addColumn<bool>("logY");
        QTest::newRow("every step") << 1 << 0.0 << false;
        QTest::newRow("smoothed") << 1 << 0.9 << false;
        QTest::newRow("rare") << 64 << 0.0 << false;
        QTest::newRow("with values that have no logarithm") << 1 << 0.0 << true;
    }
    void whatGrowsIsTheCurveThatIsReadAnew() {
        QFETCH(int, every);
        QFETCH(double, smoothing);
        QFETCH(bool, logY);
        const auto value = [logY](int step) {
            if (step % 97 == 5) return std::nan("");
            return std::sin(step * step * 0.37) + (logY ? 0.5 : 3);
        };
        auto scene = makeScene(1, 1, [&](int, int step) { return value(step); });
        PlotRun& run = scene->runs[0];
        const CurveWindow window{.from = 0, .to = 20'000, .width = 150, .smoothing = smoothing, .logY = logY};
        const SeriesSpec series = makeSpec().series[0];
        Curve grown = readCurve(run, series, -1, window);
        int measured = 1;
        for (const int until : {2, 3, 50, 51, 400, 7000, 7001, 15'000, 19'999}) {
            std::vector<History::Sample> samples;
            for (; measured < until; ++measured)
                if (measured % every == 0) samples.push_back({measured, value(measured)});
            run.history->push({"m", -1}, samples);
            const CurveGrowth growth = extendCurve(grown, run, series, -1, window);
            const Curve anew = readCurve(run, series, -1, window);
            QVERIFY(same(grown.raw, anew.raw));
            QVERIFY(same(grown.smooth, anew.smooth));
            QVERIFY(same(grown.marks, anew.marks));
            QCOMPARE(grown.measured, anew.measured);
            QVERIFY(growth.from <= until);
            if (samples.size() < 20 || logY) continue; // where some have no logarithm, the largest is drawn
            for (const auto& sample : samples)
                if (std::isfinite(sample.value) && !(logY && sample.value <= 0))
                    QVERIFY(growth.low <= sample.value && sample.value <= growth.high);
        }
    }

    void whatHadNothingMeasuredGrowsToo_data() {
        QTest::addColumn<double>("value");
        QTest::newRow("a number") << 2.5;
        QTest::newRow("none that can be drawn") << std::nan("");
    }
    void whatHadNothingMeasuredGrowsToo() {
        QFETCH(double, value);
        auto scene = makeScene(1, 1, [](int, int) { return 1.0; });
        PlotRun& run = scene->runs[0];
        const CurveWindow window{.from = 0, .to = 100, .width = 150};
        const SeriesSpec late{"late", {}, Stroke::Solid};
        Curve grown = readCurve(run, late, -1, window);
        QVERIFY(!grown.measured);
        extendCurve(grown, run, late, -1, window);
        QVERIFY(!grown.measured);
        const std::vector<History::Sample> samples{{7, value}};
        run.history->push({"late"}, samples);
        extendCurve(grown, run, late, -1, window);
        const Curve anew = readCurve(run, late, -1, window);
        QVERIFY(anew.measured && grown.measured);
        QVERIFY(same(grown.raw, anew.raw));
        QVERIFY(same(grown.marks, anew.marks));
    }

    void theLossesOfMiniBatchesMayBeSmoothedAlone() {
        const auto scene = makeScene(1, 1, [](int, int) { return 1.0; });
        const PlotRun& run = scene->runs[0];
        const std::vector<History::Sample> samples{{0, 1}, {1, 3}, {2, 2}};
        for (const char* metric : {"train_loss", "test_loss"})
            run.history->push({metric}, samples);
        const CurveWindow window{.from = 0, .to = 3, .smoothing = 0.5, .smoothsLossesAlone = true};
        QCOMPARE(readCurve(run, {"train_loss", {}, Stroke::Solid}, -1, window).smooth.size(), std::size_t(3));
        QVERIFY(readCurve(run, {"test_loss", {}, Stroke::Dashed}, -1, window).smooth.empty());
    }

    void theNetworkAsItStandsIsTheLastPoint() {
        auto scene = makeScene(1, 1, [](int, int) { return 1.0; });
        PlotRun& run = scene->runs[0];
        const std::vector<History::Sample> samples{{0, 0.1}, {1000, 0.9}};
        run.history->push({"test_accuracy"}, samples);
        run.evaluated.emplace();
        run.evaluated->step = 1500;
        run.evaluated->evaluation = Evaluation{1, 2, 3, 0.95};
        const CurveWindow window{.from = 0, .to = 1500, .width = 200};
        const SeriesSpec accuracy{"test_accuracy", {}, Stroke::Dashed};
        QCOMPARE(readCurve(run, accuracy, -1, window).raw.back(), QPointF(1500, 0.95));
        // What the history has is not drawn twice, and other quantities have no such point.
        run.evaluated->step = 1000;
        QCOMPARE(readCurve(run, accuracy, -1, window).raw, (std::vector<QPointF>{{0, 0.1}, {1000, 0.9}}));
        run.evaluated->step = 1500;
        QCOMPARE(readCurve(run, {"m", {}, Stroke::Solid}, -1, window).raw, (std::vector<QPointF>{{0, 1}}));
    }

    void aRunWithoutTheMetricIsAnEmptyCurve() {
        const auto scene = makeScene(1, 10, [](int, int) { return 1.0; });
        const Curve curve = readCurve(scene->runs[0], {"other", {}, Stroke::Solid}, -1, {});
        QVERIFY(!curve.measured);
        QVERIFY(curve.raw.empty());
    }
};

QTEST_APPLESS_MAIN(CurveTest)
#include "curve_test.moc"
