// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"
#include "benchmarks/training_rows.h"

#include "engine/core/thread_team.h"

#include <benchmark/benchmark.h>

namespace kappascope::bench {

namespace {

/// So many runs of one case side by side; items are the steps of all.
void trainRuns(benchmark::State& state, const TrainingCase& which, int runs, int threads) {
    std::vector<std::unique_ptr<Run>> all;
    for (int i = 0; i < runs; ++i)
        all.push_back(makeRun(which));
    const std::int64_t chunk = stepsOfAChunk(*all.front());
    ThreadTeam team(threads);
    for (auto _ : state)
        team.run(runs, [&](int i) {
            Run& run = *all[static_cast<std::size_t>(i)];
            run.advance(run.stepsDone() + chunk);
        });
    state.SetItemsProcessed(state.iterations() * chunk * runs);
}

} // namespace

void registerGrowth() {
    const TrainingCase base{"", 64, {64, 64}, 10, "relu", 32};
    for (int batch = 1; batch <= 1024; batch *= 4) {
        TrainingCase which = base;
        which.batch = batch;
        registerTraining("batch/" + std::to_string(batch), which);
    }
    for (int width = 8; width <= 2048; width *= 4) {
        TrainingCase which = base;
        which.hidden = {width, width};
        registerTraining("width/" + std::to_string(width), which);
    }
    for (int depth = 1; depth <= 32; depth *= 2) {
        TrainingCase which = base;
        which.hidden.assign(static_cast<std::size_t>(depth), 64);
        registerTraining("depth/" + std::to_string(depth), which);
    }
    for (int threads = 1; threads <= 4; threads *= 2) { // of one step, which they share
        TrainingCase which = base;
        which.hidden = {512, 512};
        which.batch = 256;
        which.threads = threads;
        registerTraining("threads/" + std::to_string(threads), which);
    }
    for (int threads = 1; threads <= 2; ++threads)
        for (int runs = 1; runs <= 16; runs *= 2) {
            const std::string row = "runs/" + std::to_string(runs) + "/threads/" + std::to_string(threads);
            benchmark::RegisterBenchmark(row.c_str(), [=](benchmark::State& state) {
                trainRuns(state, comparedCases().front(), runs, threads);
            })->UseRealTime();
        }
}

} // namespace kappascope::bench
