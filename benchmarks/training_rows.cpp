// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/training_rows.h"

#include "benchmarks/engine_benchmark.h"

#include <benchmark/benchmark.h>

namespace kappascope::bench {

namespace {

/// Of the three products of every dense layer; nothing goes back through the first one.
double operationsOfAStep(const TrainingCase& which) {
    std::vector<int> widths{which.inputs};
    widths.insert(widths.end(), which.hidden.begin(), which.hidden.end());
    widths.push_back(which.outputs);
    double multiplyAdds = 0;
    for (std::size_t d = 0; d + 1 < widths.size(); ++d)
        multiplyAdds += (d == 0 ? 2.0 : 3.0) * widths[d] * widths[d + 1];
    return 2 * multiplyAdds * which.batch;
}

/// Google Benchmark asks that all repetitions of a row pass equally often: they share the `chunk` that the
/// first one finds (0: none yet).
void train(benchmark::State& state, const TrainingCase& which, std::int64_t& chunk) {
    StepTeam team(which.threads);
    const auto run = makeRun(which);
    run->setTeam(which.threads > 1 ? &team : nullptr);
    const std::int64_t fitting = stepsOfAChunk(*run); // and so each one is warm
    if (chunk == 0) chunk = fitting;
    while (state.KeepRunningBatch(chunk))
        run->advance(run->stepsDone() + chunk);
    state.SetItemsProcessed(state.iterations());
    state.counters["flops"] = benchmark::Counter(
        operationsOfAStep(which) * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
    const double peak = which.threads * multiplyAddPeak(which.precision == Precision::Float64);
    state.counters["of_peak"] =
        benchmark::Counter(operationsOfAStep(which) * static_cast<double>(state.iterations()) / peak,
                           benchmark::Counter::kIsRate);
}

} // namespace

void registerTraining(const std::string& row, const TrainingCase& which) {
    benchmark::RegisterBenchmark(row.c_str(), [which,
                                               chunk = std::int64_t{0}](benchmark::State& state) mutable {
        train(state, which, chunk);
    })->UseRealTime();
}

} // namespace kappascope::bench
