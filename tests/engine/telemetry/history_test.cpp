// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/telemetry/history.h"

#include <QTest>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>

using namespace kappascope;

namespace {

const SeriesKey loss{"train_loss"};
const SeriesKey norm{"gradient_norm", 2};

void pushRange(History& history, const SeriesKey& key, std::int64_t from, std::int64_t to) {
    std::vector<History::Sample> samples;
    for (std::int64_t step = from; step < to; ++step)
        samples.push_back({step, static_cast<double>(step)});
    history.push(key, samples);
}

} // namespace

class HistoryTest : public QObject {
    Q_OBJECT
private slots:
    void keepsSeriesApart() {
        History history;
        pushRange(history, loss, 0, 10);
        pushRange(history, norm, 0, 5);
        QCOMPARE(history.keys().size(), 2U);
        QCOMPARE(history.lastStep(loss), 9);
        QCOMPARE(history.lastValue(norm), 4.0);
        QCOMPARE(history.size(norm), 5);
        QCOMPARE(history.at(loss, 3).mean, 3.0);
    }

    void answersForUnknownSeries() {
        History history;
        std::vector<Series::Block> blocks(1);
        history.query(loss, 0, 10, 10, blocks);
        QVERIFY(blocks.empty());
        history.querySmoothed(loss, 0, 10, 10, 0.5, blocks);
        QVERIFY(blocks.empty());
        QCOMPARE(history.lastStep(loss), -1);
        QVERIFY(std::isnan(history.lastValue(loss)));
        QCOMPARE(history.size(loss), 0);
        QVERIFY(history.at(loss, 3).empty());
    }

    void staysWithinItsMemory() {
        constexpr std::size_t bound = std::size_t{2} << 20;
        History history(bound);
        for (int chunk = 0; chunk < 200; ++chunk)
            for (const auto& key : {loss, norm})
                pushRange(history, key, chunk * 5000, (chunk + 1) * 5000);
        std::vector<Series::Block> blocks;
        history.querySmoothed(loss, 0, 1'000'000, 500, 0.9, blocks);
        history.querySmoothed(norm, 0, 1'000'000, 500, 0.9, blocks);
        QVERIFY(history.bytes() <= bound);
        QVERIFY(history.bytes() > bound / 4); // and makes use of it
    }

    void aLongSeriesUsesWhatShortOnesLeave() {
        constexpr std::size_t bound = std::size_t{5} << 20;
        History history(bound);
        for (int layer = 0; layer < 20; ++layer)
            pushRange(history, {"gradient_norm", layer}, 0, 100);
        for (int chunk = 0; chunk < 100; ++chunk)
            pushRange(history, loss, chunk * 1000, (chunk + 1) * 1000);
        std::vector<std::int64_t> steps;
        std::vector<double> values;
        history.raw(loss, 0, steps, values);
        QCOMPARE(steps.size(), 100'000U); // 16 bytes each and as much in blocks
        history.raw({"gradient_norm", 7}, 0, steps, values);
        QCOMPARE(steps.size(), 100U);
        QVERIFY(history.bytes() <= bound);
    }

    void copiesStayWithinTheBoundToo() {
        constexpr std::size_t bound = std::size_t{2} << 20;
        History original(bound), fork(bound);
        pushRange(original, loss, 0, 50'000);
        fork.assign(original);
        for (int chunk = 50; chunk < 500; ++chunk)
            pushRange(fork, loss, chunk * 1000, (chunk + 1) * 1000);
        QVERIFY(fork.bytes() <= bound);
        fork.clear();
        QCOMPARE(fork.bytes(), 0U);
    }

    void copiesForForksStandAlone() {
        History original, fork;
        pushRange(original, loss, 0, 100);
        fork.assign(original);
        pushRange(original, loss, 100, 200);
        QCOMPARE(fork.size(loss), 100);
        pushRange(fork, loss, 100, 101);
        QCOMPARE(fork.lastStep(loss), 100);
        QCOMPARE(original.lastStep(loss), 199);
    }

    void isReadWhileItIsWritten() {
        History history;
        constexpr std::int64_t end = 200'000;
        std::atomic<bool> consistent = true;
        std::thread reader([&] {
            std::vector<Series::Block> blocks;
            std::vector<std::int64_t> steps;
            std::vector<double> values;
            std::int64_t seen = 0, drained = 0;
            while (seen < end - 1) {
                seen = history.lastStep(loss);
                history.query(loss, 0, end, 100, blocks);
                std::int64_t count = 0;
                for (const Series::Block& block : blocks)
                    count += block.values();
                if (count < seen + 1) consistent = false;
                history.querySmoothed(loss, 0, end, 100, 0.9, blocks);
                drained = history.raw(loss, drained, steps, values) + static_cast<std::int64_t>(steps.size());
                history.bytes();
            }
            if (drained < end - 1) consistent = false;
        });
        for (std::int64_t step = 0; step < end; step += 50)
            pushRange(history, loss, step, step + 50);
        reader.join();
        QVERIFY(consistent);
        QCOMPARE(history.size(loss), end);
    }
};

QTEST_APPLESS_MAIN(HistoryTest)
#include "history_test.moc"
