// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/step_scale.h"

#include "engine/data/batch_plan.h"
#include "engine/laboratory/command.h"
#include "ui/plots/scene_source.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;

class StepScaleTest : public QObject {
    Q_OBJECT
private slots:
    void withoutKnotsAStepIsAStep() {
        const StepScale scale;
        QCOMPARE(scale.x(17), 17.0);
        QCOMPARE(scale.step(17), 17.0);
    }

    void goesThroughItsKnotsAndOnAsBefore() {
        StepScale scale;
        scale.add(0, 0);
        scale.add(10, 1);
        scale.add(20, 5);
        QCOMPARE(scale.x(5), 0.5);
        QCOMPARE(scale.x(15), 3.0);
        QCOMPARE(scale.x(30), 9.0);
        for (const double step : {0.0, 3.0, 10.0, 17.0, 25.0})
            QCOMPARE(scale.step(scale.x(step)), step);
    }

    void evenProgressTakesTwoKnots() {
        StepScale scale;
        for (int step = 0; step <= 1000; ++step)
            scale.add(step, 0.25 * step);
        QCOMPARE(scale.size(), std::size_t(2));
        QCOMPARE(scale.x(400), 100.0);
    }

    void whatDoesNotGrowIsIgnored() {
        StepScale scale;
        scale.add(0, 0);
        scale.add(10, 1);
        scale.add(10, 3);
        scale.add(12, 1);
        QCOMPARE(scale.size(), std::size_t(2));
    }

    void thinningKeepsTheEnds() {
        StepScale scale;
        for (int step = 0; step <= 100; ++step)
            scale.add(step, step * step);
        const std::size_t before = scale.size();
        scale.thin(50);
        QVERIFY(scale.size() <= before / 2 + 1);
        QCOMPARE(scale.x(100), 10000.0);
        QCOMPARE(scale.x(0), 0.0);
    }

    void epochsAndExamplesAreTheBatchPlans() {
        Experiment start;
        start.batchSize = 30;
        std::vector<Change> changes(3);
        changes[0] = {100, "batch", start};
        changes[0].after.batchSize = 7;
        changes[1] = {150, "rate", changes[0].after};
        changes[2] = {200, "batch", start};
        changes[2].after.batchSize = 1000; // the whole set
        constexpr int samples = 100;
        BatchPlan plan(samples, 30, start.seed.batches);
        plan.changeBatchSize(100, 7);
        plan.changeBatchSize(200, 1000);
        const StepScale epochs = batchScale(start, changes, samples, PlotViewState::XUnit::Epoch);
        const StepScale examples = batchScale(start, changes, samples, PlotViewState::XUnit::Examples);
        for (const std::int64_t step : {0, 1, 99, 100, 101, 180, 200, 250, 10000}) {
            QVERIFY(std::abs(epochs.x(double(step)) - plan.epochAt(step)) <= 1e-9 * (1 + plan.epochAt(step)));
            QCOMPARE(std::int64_t(std::llround(examples.x(double(step)))), plan.examplesAt(step));
        }
    }
};

QTEST_APPLESS_MAIN(StepScaleTest)
#include "step_scale_test.moc"
