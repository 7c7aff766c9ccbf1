// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/batch_feed.h"

#include "tests/support/small_data.h"

#include <QTest>

using namespace kappascope;
using kappascope::test::firstSamples;

namespace {

constexpr ImageShape shape{1, 6, 6};
constexpr int samples = 50;

/// Images whose bytes lie apart in a block, as those of a mapped file do, or together.
Features imageBytes(bool inPlace) {
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < samples * 36; ++i)
        bytes.push_back(static_cast<std::uint8_t>(1 + 37 * i % 255));
    if (!inPlace) return Features(36, std::move(bytes), 1.0 / 255);
    const auto block = std::make_shared<const std::vector<std::uint8_t>>(std::move(bytes));
    std::vector<const std::uint8_t*> starts;
    for (int n = 0; n < samples; ++n)
        starts.push_back(block->data() + 36 * n);
    return Features(36, std::move(starts), block, 1.0 / 255);
}

std::shared_ptr<const TrainingData<float>> trainingData(bool inPlace, bool augment, bool load) {
    auto data = std::make_shared<TrainingData<float>>();
    data->train.x = imageBytes(inPlace);
    data->train.image = shape;
    if (augment) data->augmentation = Augmentation({2, 1, true}, shape, 5);
    if (load) data->loader = std::make_shared<LoaderThread>();
    return data;
}

/// The batch of `step` as it must be: gathered here and now.
Matrix<float> expected(const TrainingData<float>& data, BatchPlan& plan, std::int64_t step) {
    const auto chosen = plan.indices(step);
    auto workspace = data.augmentation.workspace();
    Matrix<float> x(36, static_cast<Index>(chosen.size()));
    data.augmentation.gather<float>(data.train.x, chosen, step, x, workspace);
    return x;
}

struct Kind {
    bool inPlace, augment, load;
};

std::vector<Kind> kinds() {
    std::vector<Kind> all;
    for (const bool inPlace : {false, true})
        for (const bool augment : {false, true})
            for (const bool load : {false, true})
                all.push_back({inPlace, augment, load});
    return all;
}

} // namespace

class BatchFeedTest : public QObject {
    Q_OBJECT
private slots:
    void everyBatchIsThatOfItsStep() {
        for (const auto& [inPlace, augment, load] : kinds()) {
            const auto data = trainingData(inPlace, augment, load);
            BatchFeed<float> feed(data);
            BatchPlan plan(samples, 8, 3), own = plan;
            feed.follow(plan);
            for (std::int64_t step = 0; step < 300; ++step) // 50 epochs
                QVERIFY(feed.inputs(step, plan.indices(step)) == expected(*data, own, step));
        }
    }

    void threadsMayShareSamplesOrFeatures() {
        const auto data = trainingData(false, false, false);
        for (const int size : {1, 2, 3})
            for (const bool byFeatures : {false, true}) {
                StepTeam team(size);
                BatchFeed<float> feed(data);
                BatchPlan plan(samples, 8, 3), own = plan;
                feed.follow(plan);
                for (std::int64_t step = 0; step < 20; ++step)
                    QVERIFY(feed.inputs(step, plan.indices(step), &team, byFeatures) ==
                            expected(*data, own, step));
            }
    }

    void stepsMayBeRepeatedAndSkipped() {
        for (const auto& [inPlace, augment, load] : kinds()) {
            const auto data = trainingData(inPlace, augment, load);
            BatchFeed<float> feed(data);
            BatchPlan plan(samples, 8, 3), own = plan;
            feed.follow(plan);
            for (const std::int64_t step : {5, 6, 6, 7, 2, 3, 100, 101, 102, 103, 101, 0, 1, 2, 3, 4})
                QVERIFY(feed.inputs(step, plan.indices(step)) == expected(*data, own, step));
        }
    }

    void anotherBatchSizeIsFollowed() {
        for (const auto& [inPlace, augment, load] : kinds()) {
            const auto data = trainingData(inPlace, augment, load);
            BatchFeed<float> feed(data);
            BatchPlan plan(samples, 8, 3);
            feed.follow(plan);
            for (std::int64_t step = 0; step < 60; ++step) {
                if (step == 20) plan.changeBatchSize(20, 13);
                if (step == 40) plan.changeBatchSize(40, samples); // the whole set in its own order
                if (step % 20 == 0) feed.follow(plan);
                BatchPlan own = plan;
                QVERIFY(feed.inputs(step, plan.indices(step)) == expected(*data, own, step));
            }
        }
    }

    void feedsShareALoader() {
        const auto data = trainingData(true, true, true);
        std::array<std::unique_ptr<BatchFeed<float>>, 4> feeds;
        BatchPlan plan(samples, 8, 3), own = plan;
        for (auto& feed : feeds) {
            feed = std::make_unique<BatchFeed<float>>(data);
            feed->follow(plan);
        }
        std::vector<std::thread> threads; // each its own, as runs side by side are
        std::array<int, 4> wrong{};
        for (std::size_t i = 0; i < feeds.size(); ++i)
            threads.emplace_back([&, i, mine = plan, check = plan]() mutable {
                for (std::int64_t step = 0; step < 200; ++step)
                    wrong[i] += feeds[i]->inputs(step, mine.indices(step)) != expected(*data, check, step);
            });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(wrong, (std::array<int, 4>{}));
    }

    void aFeedMayGoWhileItsBatchesAreGathered() {
        const auto data = trainingData(true, true, true);
        BatchPlan plan(samples, 20, 3);
        for (int i = 0; i < 500; ++i) {
            BatchFeed<float> feed(data);
            feed.follow(plan);
            feed.inputs(i, plan.indices(i)); // the next ones are on their way
        }
    }
};

QTEST_APPLESS_MAIN(BatchFeedTest)
#include "batch_feed_test.moc"
