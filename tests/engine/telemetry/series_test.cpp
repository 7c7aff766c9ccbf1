// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/series.h"

#include "engine/core/random.h"

#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace kappascope;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
/// Means are updated value by value: a few hundred roundings of numbers of size 10.
constexpr double meanTolerance = 1e-11;
/// The recurrence is written down twice; only the order of two products differs.
constexpr double smoothingTolerance = 1e-12;

/// What a series should hold, kept in full.
struct Plain {
    std::vector<std::int64_t> steps;
    std::vector<double> values;

    void push(Series& series, std::int64_t step, double value) {
        steps.push_back(step);
        values.push_back(value);
        series.push(step, value);
    }

    Series::Block between(std::int64_t first, std::int64_t last) const {
        Series::Block block;
        double sum = 0;
        block.first = first;
        block.last = last;
        block.minimum = std::numeric_limits<double>::infinity();
        block.maximum = -block.minimum;
        const auto begin = std::ranges::lower_bound(steps, first) - steps.begin();
        for (auto i = static_cast<std::size_t>(begin); i < steps.size() && steps[i] <= last; ++i) {
            if (!std::isfinite(values[i])) {
                ++block.notFinite;
                continue;
            }
            if (block.count++ == 0) block.front = values[i];
            block.back = values[i];
            sum += values[i];
            block.minimum = std::min(block.minimum, values[i]);
            block.maximum = std::max(block.maximum, values[i]);
        }
        block.mean = sum / block.count;
        return block;
    }
};

/// A wandering curve with spikes, a few values that are not finite, at steps with gaps. With `changes` the
/// distance of the steps changes by factors of up to 2000, as it does when the batch size is changed.
Plain fill(Series& series, int count, std::uint64_t seed, bool changes = false) {
    RandomStream random(seed, "series test");
    Plain plain;
    std::int64_t step = 0, distance = 1;
    for (int i = 0; i < count; ++i) {
        if (changes && random.below(static_cast<std::uint64_t>(count) / 8) == 0)
            distance = 1 + static_cast<std::int64_t>(std::exp(random.uniform(0, 7.6)));
        double value = std::sin(i * 1e-3) + 0.1 * random.normal();
        if (random.below(5000) == 0) value = 10 * random.normal();
        if (random.below(1000) == 0) value = random.below(2) ? notANumber : HUGE_VAL;
        plain.push(series, step, value);
        step += distance * (1 + static_cast<std::int64_t>(random.below(3)));
    }
    return plain;
}

bool agrees(const Series::Block& block, const Plain& plain) {
    const Series::Block expected = plain.between(block.first, block.last);
    if (block.count != expected.count || block.notFinite != expected.notFinite) return false;
    return block.count == 0 || (block.minimum == expected.minimum && block.maximum == expected.maximum &&
                                block.front == expected.front && block.back == expected.back &&
                                std::abs(block.mean - expected.mean) < meanTolerance);
}

} // namespace

class SeriesTest : public QObject {
    Q_OBJECT
private slots:
    void isEmptyAtFirst() {
        const Series series;
        std::vector<Series::Block> blocks(3);
        series.query(0, 100, 10, blocks);
        QVERIFY(blocks.empty());
        QCOMPARE(series.size(), 0);
        QCOMPARE(series.lastStep(), -1);
        QVERIFY(std::isnan(series.lastValue()));
        QVERIFY(series.at(5).empty());
    }

    void givesTheNewestValuesAsTheyAre() {
        Series series(256);
        const Plain plain = fill(series, 10'000, 1);
        const std::size_t first = plain.steps.size() - 100;
        std::vector<Series::Block> blocks;
        series.query(plain.steps[first], plain.steps.back(), 200, blocks);
        QCOMPARE(blocks.size(), 101U); // and the neighbour on the left
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            QCOMPARE(blocks[i].first, plain.steps[first - 1 + i]);
            QCOMPARE(blocks[i].values(), 1);
        }
    }

    void givesOneMoreOnEitherSide() {
        Series series;
        for (int i = 0; i < 100; ++i)
            series.push(10 * i, i);
        std::vector<Series::Block> blocks;
        series.query(205, 395, 100, blocks);
        QCOMPARE(blocks.front().first, 200);
        QCOMPARE(blocks.back().last, 400);
        QCOMPARE(blocks.size(), 21U);
    }

    void agreesWithAPlainVectorOnAnyRange_data() {
        QTest::addColumn<int>("capacity");
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("changes");
        for (const bool changes : {false, true}) {
            const char* how = changes ? ", distances change" : "";
            QTest::addRow("values only%s", how) << 4096 << 3000 << changes;
            QTest::addRow("some levels%s", how) << 512 << 30'000 << changes;
            QTest::addRow("many levels%s", how) << 256 << 300'000 << changes;
            QTest::addRow("little is kept%s", how) << 64 << 1'000'000 << changes;
        }
    }

    void agreesWithAPlainVectorOnAnyRange() {
        QFETCH(int, capacity);
        QFETCH(int, count);
        QFETCH(bool, changes);
        Series series(static_cast<std::size_t>(capacity));
        const Plain plain = fill(series, count, 2, changes);
        RandomStream random(3, "ranges");
        std::vector<Series::Block> blocks;
        for (int trial = 0; trial < 100; ++trial) {
            const auto end = static_cast<double>(plain.steps.back());
            // Every second range begins as often near the start as in any other decade.
            const auto from = static_cast<std::int64_t>(
                trial % 2 ? random.uniform() * end : std::exp(random.uniform() * std::log(end)));
            const auto to =
                from + static_cast<std::int64_t>(random.uniform() * (end - static_cast<double>(from)));
            const int width = 1 + static_cast<int>(random.below(300));
            series.query(from, to, width, blocks);
            QVERIFY(!blocks.empty());
            QVERIFY(blocks.front().first <= from);
            QVERIFY(blocks.back().last >= to);
            const std::int64_t column = std::max<std::int64_t>((to - from) / width, 1);
            std::size_t columns = 0; // without those that stand alone for want of finer ones
            std::int64_t values = 0;
            for (std::size_t i = 0; i < blocks.size(); ++i) {
                QVERIFY(i == 0 || blocks[i].first > blocks[i - 1].last);
                QVERIFY2(agrees(blocks[i], plain), qPrintable(QString::number(blocks[i].first)));
                columns += blocks[i].last - blocks[i].first <= column / 2 * 3;
                values += blocks[i].values();
            }
            QVERIFY(columns <= static_cast<std::size_t>(4 * width + 5));
            QCOMPARE(values, plain.between(blocks.front().first, blocks.back().last).values());
        }
    }

    void noBlockIsLongerThanAColumnAndAHalfWhileAllIsKept() {
        Series series(1 << 17);
        const Plain plain = fill(series, 100'000, 12, true);
        RandomStream random(13, "ranges");
        std::vector<Series::Block> blocks;
        for (int trial = 0; trial < 200; ++trial) {
            const auto end = static_cast<std::uint64_t>(plain.steps.back());
            const auto from = static_cast<std::int64_t>(random.below(end));
            const auto to = from + static_cast<std::int64_t>(random.below(end));
            const int width = 1 + static_cast<int>(random.below(1000));
            series.query(from, to, width, blocks);
            const std::int64_t column = (to - from) / width;
            for (const Series::Block& block : blocks)
                QVERIFY(block.values() == 1 || 2 * (block.last - block.first) <= 3 * column);
        }
    }

    void rareValuesStayApartAfterManyDenseOnes() {
        // Measured every 5 steps, then every 1000.
        Series series;
        Plain plain;
        std::int64_t step = 0;
        for (; step < 33'000; step += 5)
            plain.push(series, step, 1);
        for (; step <= 120'000; step += 1000)
            plain.push(series, step, step % 2000 ? 1 : 0.5);
        std::vector<Series::Block> blocks;
        series.query(0, 120'000, 400, blocks);
        const auto rare = std::ranges::find_if(blocks, [](const auto& b) { return b.first > 33'000; });
        QCOMPARE((rare - 1)->last, 33'000);
        QVERIFY((rare - 1)->first > 33'000 - 120'000 / 400);
        QCOMPARE(rare->first, 34'000);
        QCOMPARE(blocks.end() - rare, 87);
        QVERIFY(std::all_of(rare, blocks.end(), [](const auto& block) { return block.values() == 1; }));
    }

    void keepsTheFirstValuesForEver() {
        Series series(1 << 14);
        for (int i = 0; i < 3'000'000; ++i)
            series.push(i, i);
        std::vector<Series::Block> blocks;
        series.query(1, 31, 400, blocks);
        QCOMPARE(blocks.size(), 33U);
        for (std::size_t i = 0; i < blocks.size(); ++i)
            QCOMPARE(blocks[i].mean, static_cast<double>(i));
        // And from there on as finely as a logarithmic axis shows it: a few hundred blocks an octave.
        for (std::int64_t from = 1; from < 2'000'000; from *= 2) {
            series.query(from, 2 * from - 1, 100, blocks);
            QVERIFY(blocks.size() >= static_cast<std::size_t>(std::min<std::int64_t>(from, 100)));
        }
    }

    void neverLosesAnExtreme() {
        Series series(128);
        const Plain plain = fill(series, 1'000'000, 4);
        std::vector<Series::Block> blocks;
        for (const int width : {1, 7, 100, 1000}) {
            series.query(0, plain.steps.back(), width, blocks);
            Series::Block all;
            for (const Series::Block& block : blocks)
                all.add(block);
            QCOMPARE(all.values(), series.size());
            QVERIFY(agrees(all, plain));
        }
    }

    void showsTheWholeRunInManyBlocks() {
        Series series(1 << 15);
        for (int i = 0; i < 3'000'000; ++i)
            series.push(i, i);
        std::vector<Series::Block> blocks;
        series.query(0, 3'000'000, 1000, blocks);
        QVERIFY(blocks.size() >= 1000);
        QVERIFY(blocks.size() <= 2005);
    }

    void needsMemoryInProportionToItsCapacity() {
        for (const std::size_t capacity : {64U, 1024U, 8192U}) {
            Series series(capacity);
            series.setSmoothing(0.9);
            for (int i = 0; i < 3'000'000; ++i)
                series.push(i, i % 17);
            const std::size_t before = series.bytes();
            QVERIFY(before < 2 * (16 * 64 * (capacity + 512))); // two pyramids, 16 levels, 64 bytes
            series.setSmoothing(0.5);
            QVERIFY(series.bytes() <= before);
            if (series.canHalve()) series.halve();
            QVERIFY(capacity == 64U || series.bytes() < before * 7 / 8);
        }
    }

    void forgetsTheOlderHalfButNoExtreme() {
        Series series(1 << 13);
        Plain plain = fill(series, 100'000, 9);
        series.setSmoothing(0.5);
        while (series.canHalve()) {
            series.halve();
            for (int i = 0; i < 77; ++i)
                plain.push(series, plain.steps.back() + 1, i);
            std::vector<Series::Block> blocks, smoothed;
            for (const std::int64_t from :
                 {std::int64_t{0}, plain.steps.back() / 2, plain.steps.back() - 50}) {
                series.query(from, plain.steps.back(), 300, blocks);
                series.querySmoothed(from, plain.steps.back(), 300, smoothed);
                QCOMPARE(smoothed.size(), blocks.size());
                for (std::size_t i = 0; i < blocks.size(); ++i) {
                    QVERIFY(agrees(blocks[i], plain));
                    QCOMPARE(smoothed[i].first, blocks[i].first);
                    QCOMPARE(smoothed[i].values(), blocks[i].values());
                }
            }
        }
    }

    void findsTheValueAtAStep() {
        Series series(64);
        for (int i = 0; i < 5000; ++i)
            series.push(10 * i, i);
        QVERIFY(series.at(-1).empty());
        QCOMPARE(series.at(49'990).minimum, 4999.0);
        QCOMPARE(series.at(49'989).minimum, 4998.0);
        QCOMPARE(series.at(1'000'000).minimum, 4999.0);
        const Series::Block old = series.at(1234);
        QVERIFY(old.first <= 1234 && old.minimum <= 123 && old.maximum >= 123);
    }

    void handsOutWhatIsStillKept() {
        Series series(128);
        const Plain plain = fill(series, 1000, 5);
        std::vector<std::int64_t> steps;
        std::vector<double> values;
        QCOMPARE(series.raw(950, steps, values), 950);
        QCOMPARE(steps.size(), 50U);
        QCOMPARE(steps.front(), plain.steps[950]);
        QCOMPARE(series.raw(0, steps, values), 872);
        QCOMPARE(steps.size(), 128U);
        QCOMPARE(series.raw(1000, steps, values), 1000);
        QVERIFY(steps.empty());
    }

    void smoothsByTheDebiasedExponentialMean() {
        const double s = 0.97;
        Series series;
        const Plain plain = fill(series, 3000, 6);
        series.setSmoothing(s); // half of it from what is there, half with every push
        Plain more = plain;
        for (int i = 0; i < 1000; ++i)
            more.push(series, plain.steps.back() + 1 + i, i == 500 ? notANumber : std::cos(i));

        std::vector<Series::Block> blocks;
        series.querySmoothed(0, more.steps.back(), 10'000, blocks);
        QCOMPARE(blocks.size(), more.values.size());
        double m = 0;
        int k = 0;
        for (std::size_t i = 0; i < blocks.size(); ++i) {
            QCOMPARE(blocks[i].first, more.steps[i]);
            QCOMPARE(blocks[i].notFinite, std::isfinite(more.values[i]) ? 0U : 1U);
            if (!std::isfinite(more.values[i])) continue;
            m = s * m + (1 - s) * more.values[i];
            const double expected = m / (1 - std::pow(s, ++k));
            QVERIFY(std::abs(blocks[i].mean - expected) < smoothingTolerance * 10);
        }
    }

    void smoothingAfterTheFactForgetsTheBlocks() {
        // Old values are known as block means only; their error fades as s^k over the newest ones.
        const double s = 0.9;
        Series late(1024), early(1024);
        early.setSmoothing(s);
        fill(late, 200'000, 7);
        const Plain plain = fill(early, 200'000, 7);
        late.setSmoothing(s);
        std::vector<Series::Block> a, b;
        early.querySmoothed(plain.steps.back() - 200, plain.steps.back(), 1000, a);
        late.querySmoothed(plain.steps.back() - 200, plain.steps.back(), 1000, b);
        QCOMPARE(a.size(), b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
            QVERIFY(a[i].count == 0 || std::abs(a[i].mean - b[i].mean) < smoothingTolerance);
        // And the whole range is there.
        late.querySmoothed(0, plain.steps.back(), 100, b);
        QCOMPARE(b.front().first, 0);
        QCOMPARE(b.back().last, plain.steps.back());
        std::int64_t values = 0;
        for (const Series::Block& block : b)
            values += block.values();
        QCOMPARE(values, late.size());
    }

    void doesNotSmoothAConstant() {
        Series series;
        series.setSmoothing(0.99);
        for (int i = 0; i < 1000; ++i)
            series.push(i, 0.1);
        std::vector<Series::Block> blocks;
        series.querySmoothed(0, 1000, 2000, blocks);
        for (const Series::Block& block : blocks)
            QVERIFY(block.minimum == 0.1 && block.maximum == 0.1);
    }

    void smoothsALongSeriesOfWhichLittleIsKept() {
        Series series(64);
        for (int i = 0; i < 5'000'000; ++i)
            series.push(i, 1 + 1e-3 * (i % 10));
        series.setSmoothing(0.999);
        std::vector<Series::Block> blocks;
        series.querySmoothed(0, 5'000'000, 100, blocks);
        std::int64_t values = 0;
        for (const Series::Block& block : blocks) {
            values += block.values();
            QVERIFY(block.minimum >= 1 && block.maximum <= 1.009);
        }
        QCOMPARE(values, 5'000'000);
    }

    void startsAnewWhenCleared() {
        Series series(64);
        fill(series, 5000, 8);
        series.clear();
        QVERIFY(series.empty());
        series.push(0, 3);
        std::vector<Series::Block> blocks;
        series.query(0, 10, 10, blocks);
        QCOMPARE(blocks.size(), 1U);
        QCOMPARE(blocks.front().mean, 3.0);
    }
};

QTEST_APPLESS_MAIN(SeriesTest)
#include "series_test.moc"
