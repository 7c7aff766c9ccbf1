// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_csv.h"

#include "tests/support/plot_scenes.h"
#include "ui/plots/range_statistics.h"

#include <QBuffer>
#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

QList<QByteArray> linesOf(const PlotScene& scene, const CsvRange& range, int layer = -1) {
    QBuffer out;
    out.open(QIODevice::WriteOnly);
    writeCurveCsv(scene, makeSpec(), layer, range, out);
    QList<QByteArray> lines = out.data().split('\n');
    lines.removeLast();
    return lines;
}

} // namespace

class CurveCsvTest : public QObject {
    Q_OBJECT
private slots:
    void everyValueIsARowThatReadsBackExactly() {
        const auto scene = makeScene(2, 50, [](int run, int step) { return std::sqrt(step + run + 0.1); });
        const auto lines = linesOf(*scene, {});
        QCOMPARE(lines.size(), 101);
        QCOMPARE(lines[0], "run,step,metric,layer,value,last_step,minimum,maximum,count,not_finite");
        const auto cells = lines[51 + 7].split(',');
        QCOMPARE(cells[0], "B");
        QCOMPARE(cells[1], "7");
        QCOMPARE(cells[2], "m");
        QVERIFY(cells[3].isEmpty());
        QVERIFY(cells[4].toDouble() == std::sqrt(7 + 1 + 0.1));
        QCOMPARE(cells[8], "1");
    }

    void onlyTheVisibleSteps() {
        const auto scene = makeScene(1, 100, [](int, int step) { return double(step); });
        const auto lines = linesOf(*scene, {10, 19});
        QCOMPARE(lines.size(), 11);
        QVERIFY(lines[1].startsWith("A,10,"));
        QVERIFY(lines[10].startsWith("A,19,"));
    }

    void namesAreQuotedAndHiddenRunsLeftOut() {
        const auto scene = makeScene(2, 1, [](int, int) { return 1.0; });
        scene->runs[0].name = "a \"b\", c";
        scene->runs[1].hidden = true;
        const auto lines = linesOf(*scene, {});
        QCOMPARE(lines.size(), 2);
        QVERIFY(lines[1].startsWith("\"a \"\"b\"\", c\",0,m"));
    }

    void notFiniteValuesStay() {
        const auto scene = makeScene(1, 2, [](int, int step) { return step ? HUGE_VAL : 1.0; });
        QVERIFY(linesOf(*scene, {})[2].startsWith("A,1,m,,nan,1,,,0,1"));
    }

    void statisticsOfARange() {
        const auto scene = makeScene(1, 100, [](int, int step) {
            return step == 30 ? -4.0 : step == 40 ? std::nan("") : double(step);
        });
        const auto all = statisticsOf(*scene, makeSpec(), -1, 20, 59, false);
        QCOMPARE(all.size(), std::size_t(1));
        const RangeStatistics& s = all[0];
        QCOMPARE(s.count, 39);
        QCOMPARE(s.notFinite, 1);
        QCOMPARE(s.first, 20.0);
        QCOMPARE(s.last, 59.0);
        QCOMPARE(s.minimum, -4.0);
        QCOMPARE(s.minimumStep, 30);
        QCOMPARE(s.maximum, 59.0);
        QCOMPARE(s.maximumStep, 59);
        // 20 + ... + 59 = 1580, without 30 and 40 and with -4.
        QCOMPARE(s.mean, (1580.0 - 30 - 40 - 4) / 39);
    }

    // A block is not its mean: of a line that climbs, the first value is the least and the last the largest.
    void statisticsOfMergedValuesBeginAndEndWhereTheLineDoes() {
        const auto scene = makeScene(1, 1, [](int, int) { return 0.0; });
        scene->runs[0].history = std::make_shared<History>(std::size_t{4096});
        std::vector<History::Sample> climbing;
        for (int step = 0; step < 100'000; ++step)
            climbing.push_back({step, double(step)});
        scene->runs[0].history->push({"m"}, climbing);
        const RangeStatistics s = statisticsOf(*scene, makeSpec(), -1, 40'000, 59'999, false).at(0);
        QCOMPARE(s.first, s.minimum);
        QCOMPARE(s.last, s.maximum);
        QVERIFY(s.first <= 40'000 && s.first > 20'000 && s.last >= 59'999);
    }
};

QTEST_APPLESS_MAIN(CurveCsvTest)
#include "curve_csv_test.moc"
