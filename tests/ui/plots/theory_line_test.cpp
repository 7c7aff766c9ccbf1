// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/theory_line.h"

#include "tests/support/plot_scenes.h"
#include "ui/plots/metric_plot.h"
#include "ui/plots/plot_canvas.h"
#include "ui/theme/theme.h"

#include <QTest>
#include <cmath>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

constexpr double factor = 0.97;

/// Two runs of 200 steps whose loss falls by `factor` each step.
std::shared_ptr<PlotScene> falling() {
    return makeScene(2, 200, [](int run, int step) { return (run + 1) * std::pow(factor, step); });
}

TheoryLine lineAt(std::int64_t step) {
    return {.step = step, .loss = std::pow(factor, double(step)), .floor = 0, .factor = factor, .why = {}};
}

PlotSpec withTheory() {
    PlotSpec spec = makeSpec();
    spec.logarithmic = spec.showsTheory = true;
    return spec;
}

} // namespace

class TheoryLineTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void liesOnALossThatFollowsIt() {
        const auto scene = falling();
        PlotRun run = scene->runs[0];
        run.theory = lineAt(150);
        const Curve curve = theoryCurve(run, {.from = 0, .to = 199, .logY = true});
        QVERIFY(curve.theory && curve.raw.size() > 20);
        QVERIFY(curve.raw.front().x() < 100 && curve.raw.back().x() > 190);
        for (const QPointF& point : curve.raw)
            QVERIFY(std::abs(point.y() / std::pow(factor, point.x()) - 1) < 1e-9);
    }

    void endsAtTheMinimumOfTheModel() {
        const TheoryLine line{.step = 10, .loss = 3, .floor = 1, .factor = 0.5, .why = {}};
        QCOMPARE(line.at(10), 3.0);
        QCOMPARE(line.at(11), 2.0);
        QCOMPARE(line.at(9), 5.0);
        QVERIFY(std::abs(line.at(1000) - 1) < 1e-12);
    }

    void isHiddenWithTheReasonWhereTheTheoryDoesNotHold() {
        const auto scene = falling();
        QVERIFY(!theoryWords(*scene).measured);
        scene->runs[0].theory = lineAt(150);
        scene->runs[1].theory = TheoryLine{.why = "steps follow mini-batches"};
        const TheoryWords words = theoryWords(*scene);
        QVERIFY(words.measured && words.drawn);
        QVERIFY2(words.text.contains("B: hidden: steps follow mini-batches") &&
                     words.text.contains("A: ×0.9700 each step, a tenth in 76 steps"),
                 qPrintable(words.text));
        QVERIFY(theoryCurve(scene->runs[1], {.from = 0, .to = 199}).raw.empty());
        scene->runs[0].hidden = true;
        QVERIFY(!theoryWords(*scene).drawn);
    }

    void isDrawnInThePlotAndMakesNoRoomForItself() {
        PlotViewState view;
        MetricPlot plot(withTheory(), view);
        plot.resize(500, 240);
        plot.show();
        const auto scene = falling();
        plot.setScene(scene);
        const QCPRange before = plot.canvas().yAxis->range();
        scene->runs[0].theory = TheoryLine{.step = 199, .loss = 1e-3, .floor = 0, .factor = 0.5, .why = {}};
        plot.setScene(std::make_shared<PlotScene>(*scene));
        const auto& curves = plot.canvas().curves()->curves();
        const auto drawn = std::ranges::count_if(
            curves, [](const Curve& curve) { return curve.theory && !curve.raw.empty(); });
        QCOMPARE(drawn, 1);
        QCOMPARE(plot.canvas().yAxis->range().lower, before.lower);
        QCOMPARE(plot.canvas().yAxis->range().upper, before.upper);
    }
};

QTEST_MAIN(TheoryLineTest)
#include "theory_line_test.moc"
