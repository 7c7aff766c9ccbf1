// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"

#include <benchmark/benchmark.h>
#define HWY_COMPILE_ONLY_STATIC // for the build's own instruction set
#include <hwy/highway.h>

#include <algorithm>
#include <chrono>
#include <vector>

// What the machine can do at most, in the same run as everything else.
namespace kappascope::bench {

namespace {

namespace hn = hwy::HWY_NAMESPACE;

/// Independent multiply-adds in registers, nothing else.
template<class S>
class MultiplyAdds {
public:
    MultiplyAdds() {
        for (V& sum : sums_)
            sum = hn::Zero(d);
    }
    ~MultiplyAdds() {
        V total = hn::Zero(d);
        for (const V& sum : sums_)
            total = hn::Add(total, sum);
        benchmark::DoNotOptimize(hn::GetLane(hn::SumOfLanes(d, total)));
    }
    /// So many operations, a multiply-add as 2.
    HWY_INLINE double run() {
        V sums[chains];
        std::copy_n(sums_, chains, sums);
        for (int repeat = 0; repeat < repeats; ++repeat)
#pragma GCC unroll 16
            for (int i = 0; i < chains; ++i)
                sums[i] = hn::MulAdd(sums[i], factor_, addend_);
        std::copy_n(sums, chains, sums_);
        return 2.0 * static_cast<double>(hn::Lanes(d)) * chains * repeats;
    }

private:
    static constexpr hn::ScalableTag<S> d{};
    using V = hn::Vec<hn::ScalableTag<S>>;
    static constexpr int chains = 16; // enough to hide the latency
    static constexpr int repeats = 1000;
    V factor_ = hn::Set(d, S(0.999)), addend_ = hn::Set(d, S(0.001));
    V sums_[chains];
};

template<class S>
void multiplyAdd(benchmark::State& state) {
    MultiplyAdds<S> work;
    double operations = 0;
    for (auto _ : state)
        operations += work.run();
    state.counters["flops"] = benchmark::Counter(operations, benchmark::Counter::kIsRate);
}

/// Of the best of some bursts.
template<class S>
double measurePeak() {
    using Clock = std::chrono::steady_clock;
    MultiplyAdds<S> work;
    double best = 0;
    for (int burst = 0; burst < 200; ++burst) {
        const auto begin = Clock::now();
        double operations = 0;
        for (int i = 0; i < 50; ++i)
            operations += work.run();
        best = std::max(best, operations / std::chrono::duration<double>(Clock::now() - begin).count());
    }
    return best;
}

/// Sums `bytes` of memory over and over.
void read(benchmark::State& state, std::size_t bytes) {
    const hn::ScalableTag<float> d;
    using V = hn::Vec<decltype(d)>;
    const std::size_t lanes = hn::Lanes(d), count = bytes / sizeof(float);
    const std::vector<float> memory(count, 1.0F);
    for (auto _ : state) {
        V sums[4] = {hn::Zero(d), hn::Zero(d), hn::Zero(d), hn::Zero(d)};
        for (std::size_t i = 0; i + 4 * lanes <= count; i += 4 * lanes)
            for (std::size_t v = 0; v < 4; ++v)
                sums[v] = hn::Add(sums[v], hn::LoadU(d, memory.data() + i + v * lanes));
        benchmark::DoNotOptimize(
            hn::GetLane(hn::SumOfLanes(d, hn::Add(hn::Add(sums[0], sums[1]), hn::Add(sums[2], sums[3])))));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}

} // namespace

double multiplyAddPeak(bool inDouble) {
    static const double inFloats = measurePeak<float>(), inDoubles = measurePeak<double>();
    return inDouble ? inDoubles : inFloats;
}

void registerMachine() {
    for (const int threads : {1, 2}) {
        benchmark::RegisterBenchmark("machine/multiply_add/float32", multiplyAdd<float>)
            ->Threads(threads)
            ->UseRealTime();
        benchmark::RegisterBenchmark("machine/multiply_add/float64", multiplyAdd<double>)
            ->Threads(threads)
            ->UseRealTime();
    }
    struct Level {
        const char* name;
        std::size_t bytes;
    };
    for (const Level& level : {Level{"16KiB", std::size_t{16} << 10},
                               {"512KiB", std::size_t{512} << 10},
                               {"256MiB", std::size_t{256} << 20}})
        benchmark::RegisterBenchmark((std::string("machine/read/") + level.name).c_str(),
                                     [level](benchmark::State& state) { read(state, level.bytes); });
}

} // namespace kappascope::bench
