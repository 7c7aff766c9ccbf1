// SPDX-License-Identifier: GPL-3.0-or-later
// What measuring the curvature beside the training costs it: `slow_down_percent`, of the steps per second of
// the same laboratory at full speed, in turns with and without measurements; at most 10 at the standard
// cadence. `readings` per second, `busy_percent` of a thread's time.
#include "benchmarks/engine_benchmark.h"

#include "engine/files/presets.h"
#include "engine/laboratory/curvature_monitor.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>
#include <vector>

namespace kappascope::bench {

namespace {

using Pace = CurvatureMonitor::Pace;
using Seconds = std::chrono::duration<double>;

double median(std::vector<double> values) {
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

/// Steps per second of a laboratory that plays, over so long.
double speedOver(const Laboratory& laboratory, Seconds length) {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t before = laboratory.status().step;
    std::this_thread::sleep_for(length);
    const std::int64_t steps = laboratory.status().step - before;
    return static_cast<double>(steps) / Seconds(std::chrono::steady_clock::now() - begin).count();
}

/// As the window trains and measures.
struct Bench {
    explicit Bench(const Experiment& experiment) : laboratory(experiment, {.background = true}) {
        laboratory.wait();
        std::vector<int> runs;
        for (const RunSpec& run : laboratory.experiment().runs)
            runs.push_back(run.id);
        CurvatureRequest request;
        request.layers = request.alignment = false;
        monitor.setPace(Pace::Paused);
        monitor.watch(runs, request);
        laboratory.send(command::Play{});
        speedOver(laboratory, Seconds(0.5)); // until chunks and threads have settled
    }
    Laboratory laboratory;
    CurvatureMonitor monitor{laboratory};
};

void slowDown(benchmark::State& state, const std::string& which, Pace pace, Seconds length) {
    Experiment experiment = kappascope::preset(which);
    experiment.stop = {};
    Bench bench(experiment);
    constexpr int turns = 5;
    std::vector<double> shares;
    double busy = 0, watched = 0;
    const std::uint64_t before = bench.monitor.version();
    for (auto _ : state)
        for (int turn = 0; turn < turns; ++turn) {
            bench.monitor.setPace(Pace::Paused);
            while (bench.monitor.measuring())
                std::this_thread::sleep_for(Seconds(0.001));
            const double alone = speedOver(bench.laboratory, length);
            const double spent = bench.monitor.secondsSpent();
            bench.monitor.setPace(pace);
            shares.push_back(speedOver(bench.laboratory, length) / alone);
            busy += bench.monitor.secondsSpent() - spent;
            watched += length.count();
        }
    state.counters["slow_down_percent"] = 100 * (1 - median(shares));
    state.counters["readings"] = static_cast<double>(bench.monitor.version() - before) / watched;
    state.counters["busy_percent"] = 100 * busy / watched;
}

} // namespace

void registerCurvatureSlowDown() {
    const auto add = [](const std::string& preset, const char* how, Pace pace, double seconds) {
        benchmark::RegisterBenchmark(
            ("training_under_curvature/" + preset + ", " + how).c_str(),
            [=](benchmark::State& state) { slowDown(state, preset, pace, Seconds(seconds)); })
            ->Iterations(1)
            ->Unit(benchmark::kSecond);
    };
    for (const char* preset : {"default", "spiral_relu", "digits"}) {
        add(preset, "standard cadence", Pace::Budget, 2);
        add(preset, "as often as possible", Pace::Always, 1);
    }
}

} // namespace kappascope::bench
