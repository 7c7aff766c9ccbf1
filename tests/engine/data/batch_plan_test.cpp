// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/batch_plan.h"

#include <QTest>

#include <numeric>
#include <set>

using namespace kappascope;

namespace {

std::vector<int> batch(BatchPlan& plan, std::int64_t step) {
    const auto indices = plan.indices(step);
    return {indices.begin(), indices.end()};
}

std::vector<int> batches(BatchPlan& plan, std::int64_t first, std::int64_t end) {
    std::vector<int> all;
    for (std::int64_t step = first; step < end; ++step)
        for (const int index : plan.indices(step))
            all.push_back(index);
    return all;
}

std::vector<int> counting(int n) {
    std::vector<int> numbers(static_cast<std::size_t>(n));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

} // namespace

class BatchPlanTest : public QObject {
    Q_OBJECT
private slots:
    void everyEpochIsAnotherPermutation() {
        BatchPlan plan(20, 5, 7);
        QCOMPARE(plan.stepsPerEpochAt(0), std::int64_t(4));
        std::set<std::vector<int>> orders;
        for (std::int64_t epoch = 0; epoch < 50; ++epoch) {
            std::vector<int> order = batches(plan, 4 * epoch, 4 * epoch + 4);
            orders.insert(order);
            std::ranges::sort(order);
            QCOMPARE(order, counting(20));
        }
        QCOMPARE(orders.size(), std::size_t(50));
        QVERIFY(!orders.contains(counting(20)));
    }

    void theRemainderOfAnEpochIsLeftOut() {
        BatchPlan plan(17, 5, 7);
        QCOMPARE(plan.stepsPerEpochAt(0), std::int64_t(3));
        std::set<int> everSeen;
        for (std::int64_t epoch = 0; epoch < 100; ++epoch) {
            const std::vector<int> order = batches(plan, 3 * epoch, 3 * epoch + 3);
            QCOMPARE(std::set<int>(order.begin(), order.end()).size(), std::size_t(15));
            everSeen.insert(order.begin(), order.end());
        }
        QCOMPARE(everSeen.size(), std::size_t(17)); // not always the same two
        QCOMPARE(*everSeen.begin(), 0);
        QCOMPARE(*everSeen.rbegin(), 16);
    }

    void aBatchIsAFunctionOfSeedAndStepAlone() {
        BatchPlan forward(30, 4, 3), backward(30, 4, 3), copy = forward;
        std::vector<std::vector<int>> seen;
        for (std::int64_t step = 0; step < 40; ++step)
            seen.push_back(batch(forward, step));
        for (std::int64_t step = 39; step >= 0; --step)
            QCOMPARE(batch(backward, step), seen[static_cast<std::size_t>(step)]);
        QCOMPARE(batch(copy, 25), seen[25]);

        BatchPlan other(30, 4, 4);
        QVERIFY(batches(other, 0, 7) != batches(forward, 0, 7));
    }

    void aFullBatchIsTheSetInItsOwnOrder() {
        BatchPlan plan(9, 9, 1), larger(9, 1000, 1);
        for (const std::int64_t step : {0, 1, 5}) {
            QCOMPARE(batch(plan, step), counting(9));
            QCOMPARE(batch(larger, step), counting(9));
        }
        QVERIFY(plan.fullBatchAt(3));
        QCOMPARE(larger.batchSizeAt(0), 9);
        QCOMPARE(plan.epochAt(3), 3.0);
        QVERIFY(!BatchPlan(9, 8, 1).fullBatchAt(3));
    }

    void batchesOfOneVisitEverySample() {
        BatchPlan plan(6, 1, 2);
        std::vector<int> order = batches(plan, 6, 12);
        std::ranges::sort(order);
        QCOMPARE(order, counting(6));
    }

    void epochsAndExamplesCount() {
        const BatchPlan plan(17, 5, 7);
        QCOMPARE(plan.epochAt(0), 0.0);
        QCOMPARE(plan.epochAt(3), 1.0);
        QCOMPARE(plan.epochAt(4), 4.0 / 3.0);
        QCOMPARE(plan.examplesAt(4), std::int64_t(20));
    }

    void aChangeOfTheBatchSizeStartsAnEpoch() {
        BatchPlan plan(12, 4, 5), before = plan;
        plan.changeBatchSize(4, 6); // one step into the second epoch

        for (std::int64_t step = 0; step < 4; ++step)
            QCOMPARE(batch(plan, step), batch(before, step)); // the past stays
        QCOMPARE(plan.batchSizeAt(3), 4);
        QCOMPARE(plan.batchSizeAt(4), 6);
        QCOMPARE(plan.largestBatch(), 6);
        QCOMPARE(plan.epochAt(4), 4.0 / 3.0);
        QCOMPARE(plan.epochAt(5), 4.0 / 3.0 + 0.5);
        QCOMPARE(plan.examplesAt(5), std::int64_t(4 * 4 + 6));

        std::vector<int> order = batches(plan, 4, 6);
        QVERIFY(order != batches(before, 3, 6)); // not the permutation that was cut short
        QVERIFY(order != batches(before, 0, 3));
        std::ranges::sort(order);
        QCOMPARE(order, counting(12));
    }

    void aChangeIsAppliedEvenWhenTheStepWasAskedBefore() {
        BatchPlan plan(12, 4, 5);
        plan.indices(4);
        plan.changeBatchSize(4, 12);
        QCOMPARE(batch(plan, 4), counting(12));
        plan.changeBatchSize(6, 3);
        QCOMPARE(batch(plan, 5), counting(12));
        QCOMPARE(batch(plan, 6).size(), std::size_t(3));
    }

    void aChangeInThePastDropsTheLaterOnes() {
        BatchPlan plan(12, 4, 5);
        plan.changeBatchSize(10, 2);
        plan.changeBatchSize(20, 3);
        plan.changeBatchSize(10, 6);
        QCOMPARE(plan.batchSizeAt(9), 4);
        QCOMPARE(plan.batchSizeAt(25), 6);
        plan.changeBatchSize(0, 5);
        QCOMPARE(plan.batchSizeAt(0), 5);
        QCOMPARE(plan.batchSizeAt(25), 5);
        QCOMPARE(plan.epochAt(0), 0.0);
    }
};

QTEST_APPLESS_MAIN(BatchPlanTest)
#include "batch_plan_test.moc"
