// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"

#include "engine/telemetry/history.h"

#include <benchmark/benchmark.h>
#include <memory>

namespace kappascope::bench {

namespace {

constexpr std::int64_t chunk = 1000;

void push(History& history, std::int64_t first, std::vector<History::Sample>& samples) {
    std::int64_t now = first;
    for (auto& sample : samples) {
        sample = {now, 1.0 / static_cast<double>(now + 1)};
        ++now;
    }
    history.push({"train_loss"}, samples);
}

void pushAll(benchmark::State& state) {
    History history;
    std::vector<History::Sample> samples(chunk);
    std::int64_t pushed = 0;
    while (state.KeepRunningBatch(chunk)) {
        push(history, pushed, samples);
        pushed += chunk;
    }
    state.SetItemsProcessed(pushed);
}

/// The same history for all rows: it takes seconds to make.
const History& historyOf(std::int64_t steps) {
    static std::unique_ptr<History> history;
    static std::int64_t size = 0;
    if (size != steps) {
        history = std::make_unique<History>();
        std::vector<History::Sample> samples(chunk);
        for (size = 0; size < steps; size += chunk)
            push(*history, size, samples);
    }
    return *history;
}

/// A thousand pixels of the share 1/divisor of a history that begins behind its first third.
void query(benchmark::State& state, std::int64_t steps, std::int64_t divisor) {
    const History& history = historyOf(steps);
    const std::int64_t from = divisor == 1 ? 0 : steps / 3, to = from + steps / divisor;
    std::vector<Series::Block> blocks;
    for (auto _ : state) {
        history.query({"train_loss"}, from, to, 1000, blocks);
        benchmark::DoNotOptimize(blocks.data());
    }
    state.counters["MiB"] = static_cast<double>(history.bytes()) / (1 << 20);
}

} // namespace

void registerHistory() {
    benchmark::RegisterBenchmark("history/push", pushAll);
    for (std::int64_t steps = chunk; steps <= 100'000'000; steps *= 10)
        for (const std::int64_t divisor : {1, 10, 1000}) {
            const std::string row =
                "history/query_1000_pixels/" + std::to_string(steps) + "/part/" + std::to_string(divisor);
            benchmark::RegisterBenchmark(row.c_str(),
                                         [=](benchmark::State& state) { query(state, steps, divisor); });
        }
}

} // namespace kappascope::bench
