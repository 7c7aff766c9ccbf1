// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/engine_benchmark.h"

#include "engine/laboratory/recorder.h"
#include "engine/network/activation.h"
#include "engine/normalization/stack.h"
#include "engine/probes/probe.h"

#include <benchmark/benchmark.h>

namespace kappascope::bench {

namespace {

/// What a probe sees after a step of 64-64-64-10 tanh at batch 32.
class Scene {
public:
    Observation<double> at(std::int64_t step) const {
        return {step, *network_, batch_, theta_, gradient_, gradient_, theta_, 0.5, 0.1, evaluation_};
    }

private:
    static constexpr Index inputs = 64, samples = 32;

    static std::unique_ptr<Network<double>> trained(const Matrix<double>& x) {
        const auto& none = normalizationCatalog().at("none");
        const auto& tanh = activationCatalog().at("tanh");
        auto network = buildStack<double>(inputs, {64, 64}, 10, {"tanh", Parameters(tanh)},
                                          *none.make<double>(Parameters(none)));
        network->theta().setRandom();
        network->gradient().setRandom();
        network->reserve(samples);
        network->forward(x, Mode::Training);
        return network;
    }

    const Matrix<double> x_ = Matrix<double>::Random(inputs, samples);
    const std::unique_ptr<Network<double>> network_ = trained(x_);
    // An observation refers to views; these live as long as the scene.
    const Eigen::Ref<const Matrix<double>> batch_ = x_;
    const Eigen::Ref<const Vector<double>> theta_ = network_->theta(), gradient_ = network_->gradient();
    const std::optional<Evaluation> evaluation_ = Evaluation{0.5, 0.5, 0.5, 0.5};
};

void measure(benchmark::State& state, const ProbeEntry& probe) {
    const Scene scene;
    Recorder recorder;
    History history;
    std::int64_t step = 0;
    constexpr std::int64_t chunk = 1000;
    for (auto _ : state) {
        probe.measureDouble(scene.at(step++), recorder);
        if (step % chunk == 0) recorder.flush(history);
    }
    state.SetItemsProcessed(state.iterations());
}

/// One number of every step, from the probe to the history.
void record(benchmark::State& state) {
    const SeriesKey key{"train_loss"};
    Recorder recorder;
    History history;
    std::int64_t step = 0;
    constexpr std::int64_t chunk = 1000;
    for (auto _ : state) {
        recorder.record(key, step++, 0.5);
        if (step % chunk == 0) recorder.flush(history);
    }
    state.SetItemsProcessed(state.iterations());
}

} // namespace

void registerProbes() {
    benchmark::RegisterBenchmark("record/one_number", record);
    for (const ProbeEntry& probe : probeCatalog().entries())
        if (probe.cadence != Cadence::Snapshot)
            benchmark::RegisterBenchmark(("probe/" + probe.key).c_str(),
                                         [&probe](benchmark::State& state) { measure(state, probe); });
}

} // namespace kappascope::bench
