// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"

#include "engine/core/step_team.h"
#include "engine/network/conv2d.h"

#include <benchmark/benchmark.h>

// Forward and backward pass of single convolutions with "same" padding; benchmarks/convolution_peers.py has
// the same under the same names.
namespace kappascope::bench {

namespace {

struct ConvolutionCase {
    Index size, channels, outputs, kernel, batch;
    int threads;

    /// A first layer has nothing below that learns.
    bool first() const { return channels <= 3; }
    std::string name() const {
        const auto square = [](Index side) { return std::to_string(side) + "x" + std::to_string(side); };
        return square(size) + " " + std::to_string(channels) + "->" + std::to_string(outputs) + " " +
               square(kernel) + ", batch " + std::to_string(batch) + (threads > 1 ? ", 2 threads" : "");
    }
    double operations() const {
        return 2.0 * static_cast<double>(size * size * channels * outputs * kernel * kernel * batch) *
               (first() ? 2 : 3);
    }
};

Columns<float> shareOf(Matrix<float>& batch, int part, int parts) {
    const Index first = part * batch.cols() / parts, end = (part + 1) * batch.cols() / parts;
    return Columns<float>(batch).middleCols(first, end - first);
}

void convolve(benchmark::State& state, const ConvolutionCase& which) {
    Conv2d<float> layer(MapShape(which.channels, which.size, which.size), which.outputs,
                        WindowRule::square(which.kernel, 1, which.kernel / 2));
    const Index count = which.outputs * (layer.fanIn() + 1);
    Vector<float> theta = Vector<float>::Random(count), gradient(count);
    layer.bind(theta.data(), gradient.data());
    layer.reserve(which.batch);
    layer.reserveParts(which.threads);
    Matrix<float> in = Matrix<float>::Random(layer.inputs(), which.batch), out(layer.outputs(), which.batch);
    Matrix<float> dOut = Matrix<float>::Random(layer.outputs(), which.batch), dIn(in.rows(), which.batch);
    StepTeam team(which.threads);
    for (auto _ : state) {
        if (!which.first()) layer.prepare(which.batch);
        team.run(which.threads, [&](int part) {
            layer.forwardPart(shareOf(in, part, which.threads), shareOf(out, part, which.threads), part);
        });
        team.run(which.threads, [&](int part) {
            if (which.first()) return;
            layer.propagatePart(shareOf(dOut, part, which.threads), shareOf(dIn, part, which.threads),
                                which.batch, part);
        });
        team.run(which.threads, [&](int part) { layer.setGradientPart(in, dOut, part, which.threads); });
    }
    state.SetItemsProcessed(state.iterations());
    state.counters["flops"] = benchmark::Counter(which.operations() * static_cast<double>(state.iterations()),
                                                 benchmark::Counter::kIsRate);
}

} // namespace

void registerConvolutions() {
    for (const int threads : {1, 2})
        for (const auto& [size, channels, outputs, kernel] : {std::tuple{28, 1, 8, 5},
                                                              {28, 1, 16, 5},
                                                              {28, 1, 8, 3},
                                                              {28, 1, 16, 3},
                                                              {32, 3, 16, 3},
                                                              {32, 16, 16, 3},
                                                              {32, 32, 32, 3}})
            for (const int batch : {32, 128}) {
                const ConvolutionCase which{size, channels, outputs, kernel, batch, threads};
                benchmark::RegisterBenchmark(("convolution/" + which.name()).c_str(),
                                             [which](benchmark::State& state) { convolve(state, which); })
                    ->UseRealTime();
            }
}

} // namespace kappascope::bench
