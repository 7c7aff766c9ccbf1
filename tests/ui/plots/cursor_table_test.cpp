// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/cursor_table.h"

#include "tests/support/plot_scenes.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::ui;

class CursorTableTest : public QObject {
    Q_OBJECT
private slots:
    void rowsAreSortedByValueAndHiddenRunsLeftOut() {
        const auto scene = makeScene(4, 100, [](int run, int step) { return run * 10.0 + step; });
        scene->runs[2].hidden = true;
        const auto table = CursorTable::at(*scene, makeSpec(), -1, 5);
        QCOMPARE(table.rows().size(), std::size_t(3));
        QCOMPARE(table.rows()[0].name, "D");
        QCOMPARE(table.rows()[0].cells, QStringList{"35"});
        QCOMPARE(table.rows()[2].name, "A");
        QCOMPARE(table.head(), "step 5");
    }

    void missingAndNotFiniteValuesSaySoAndComeLast() {
        const auto scene = makeScene(2, 10, [](int run, int) { return run == 0 ? std::nan("") : -1.0; });
        scene->runs.push_back({});
        scene->runs.back().name = "new";
        const auto table = CursorTable::at(*scene, makeSpec(), -1, 3);
        QCOMPARE(table.rows()[0].name, "B");
        QCOMPARE(table.rows()[1].cells, QStringList{"not finite"});
        QCOMPARE(table.rows()[2].cells, QStringList{"\u2014"});
    }

    void betweenTwoCursorsStandDifferenceAndSlope() {
        // y = 5 / (step + 1): one decade down for each decade of steps.
        const auto scene = makeScene(1, 1000, [](int, int step) { return 5.0 / (step + 1); });
        const auto table = CursorTable::between(*scene, makeSpec(), -1, 99, 9, true);
        QCOMPARE(table.rows()[0].cells, (QStringList{"0.5000", "0.05000", "-0.4500", "-1"}));
        QCOMPARE(slopePerDecade(9, 0.5, 99, 0.05, false), -0.45);
        QVERIFY(std::isnan(slopePerDecade(9, 0.5, 9, 0.5, true)));
        QVERIFY(std::isnan(slopePerDecade(9, -1, 99, 1, true)));
    }

    void oldValuesAreMeansAndMarkedSo() {
        constexpr int many = 400000; // more than a series keeps singly in the middle
        auto scene = makeScene(0, 0, {});
        PlotRun run;
        run.history = std::make_shared<History>(std::size_t{1} << 20);
        std::vector<History::Sample> samples;
        for (int step = 0; step < many; ++step)
            samples.push_back({step, 2.0});
        run.history->push({"m", -1}, samples);
        scene->runs.push_back(run);
        const auto table = CursorTable::at(*scene, makeSpec(), -1, 100000);
        QCOMPARE(table.rows()[0].cells, QStringList{"\u22482"});
    }

    void theHeadTellsTheUnitOfTheAxis() {
        auto scene = makeScene(1, 10, [](int, int) { return 1.0; });
        scene->unit = PlotViewState::XUnit::Epoch;
        scene->scale.add(0, 0);
        scene->scale.add(4, 1);
        QCOMPARE(positionText(*scene, 6), "step 6 · epoch 1.50");
    }
};

QTEST_MAIN(CursorTableTest)
#include "cursor_table_test.moc"
