// SPDX-License-Identifier: GPL-3.0-or-later
// Costs of the engine: a training step of the networks that people compare, with each method; recording;
// looking up a history. Figures of one run on one machine may be compared with each other, others not.

#include "engine/core/catalog.h"
#include "engine/laboratory/materials.h"
#include "engine/laboratory/run_settings.h"

#include <benchmark/benchmark.h>

using namespace kappascope;

namespace {

/// Takes what the probes record, and forgets it.
class NullSink : public ProbeSink {
public:
    void record(const SeriesKey&, std::int64_t, double value) override { benchmark::DoNotOptimize(value); }
};

struct Case {
    const char* name;
    int inputs, classes;
    std::vector<int> hidden;
    const char* activation;
    int batch;
};

const std::vector<Case> cases{
    {"2-8-8-8-1_tanh_batch10", 2, 2, {8, 8, 8}, "tanh", 10},
    {"2-64-64-2_relu_batch32", 2, 2, {64, 64}, "relu", 32},
    {"784-100-100-100-10_batch1", 784, 10, {100, 100, 100}, "relu", 1},
    {"784-100-100-100-10_batch6", 784, 10, {100, 100, 100}, "relu", 6},
    {"784-100-100-100-10_batch60", 784, 10, {100, 100, 100}, "relu", 60},
};

Dataset noise(const Case& shape, int samples) {
    RandomStream stream(1, "benchmark");
    Dataset data;
    data.name = "noise";
    data.x = Features(
        Matrix<double>(Matrix<double>::NullaryExpr(shape.inputs, samples, [&] { return stream.normal(); })));
    for (int n = 0; n < samples; ++n)
        data.labels.push_back(static_cast<int>(stream.below(shape.classes)));
    for (int k = 0; k < shape.classes; ++k)
        data.classNames.push_back(std::to_string(k));
    return data;
}

MethodSpec method(const Description& entry) {
    return {entry.key, Parameters(entry)};
}

template<class S>
std::unique_ptr<Trainer<S>> trainerFor(const Case& shape, const char* normalization,
                                       const char* preconditioner) {
    Experiment experiment = defaultExperiment();
    experiment.model.hidden = shape.hidden;
    experiment.model.activation = method(activationCatalog().at(shape.activation));
    experiment.model.fold = Fold::None;
    const bool oneOutput = std::string(shape.name).find("-1_") != std::string::npos;
    experiment.loss = method(lossCatalog().at(oneOutput ? "binary_cross_entropy" : "cross_entropy"));
    const int samples = std::max(512, 4 * shape.batch);
    const Materials<S> materials(experiment,
                                 std::make_shared<Split>(Split{noise(shape, samples), noise(shape, 64)}));
    TrainerMethods<S> methods;
    const auto& norm = normalizationCatalog().at(normalization);
    methods.normalization = norm.template make<S>(Parameters(norm));
    const auto& precond = preconditioningCatalog().at(preconditioner);
    methods.preconditioning = precond.template make<S>(Parameters(precond));
    const auto& sgd = optimizerCatalog().at("sgd");
    methods.optimizer = sgd.template make<S>(Parameters(sgd));
    methods.learningRate = [](std::int64_t) { return 1e-3; };
    auto network = materials.startNetwork(*methods.normalization);
    return std::make_unique<Trainer<S>>(std::move(network), materials.loss, materials.data,
                                        BatchPlan(samples, shape.batch, 1), std::move(methods));
}

template<class S>
void step(benchmark::State& state, const Case& shape, const char* normalization, const char* preconditioner) {
    const auto trainer = trainerFor<S>(shape, normalization, preconditioner);
    NullSink sink;
    constexpr std::int64_t never = std::int64_t{1} << 60;
    trainer->step(sink, never);
    for (auto _ : state)
        benchmark::DoNotOptimize(trainer->step(sink, never));
    state.SetItemsProcessed(state.iterations());
}

void pushHistory(benchmark::State& state) {
    History history;
    std::vector<History::Sample> chunk(1000);
    std::int64_t now = 0;
    for (auto _ : state) {
        for (auto& sample : chunk)
            sample = {now, 1.0 / static_cast<double>(now + 1)}, ++now;
        history.push({"train_loss"}, chunk);
    }
    state.SetItemsProcessed(now);
}

/// Any thousand pixels of a history of so many steps.
void queryHistory(benchmark::State& state) {
    History history;
    const std::int64_t steps = state.range(0);
    std::vector<History::Sample> chunk(100000);
    for (std::int64_t now = 0; now < steps;) {
        for (auto& sample : chunk)
            sample = {now, 1.0 / static_cast<double>(now + 1)}, ++now;
        history.push({"train_loss"}, chunk);
    }
    std::vector<Series::Block> blocks;
    for (auto _ : state) {
        history.query({"train_loss"}, 0, steps, 1000, blocks);
        benchmark::DoNotOptimize(blocks.data());
    }
    state.counters["MiB"] = static_cast<double>(history.bytes()) / (1 << 20);
}

void registerSteps() {
    struct Method {
        const char *name, *normalization, *preconditioner;
    };
    for (const Case& shape : cases)
        for (const Method& m :
             {Method{"plain", "none", "none"}, {"bn", "batch_norm", "none"}, {"bnp", "none", "bnp"}}) {
            const std::string name = std::string("step/") + shape.name + '/' + m.name;
            benchmark::RegisterBenchmark((name + "/float32").c_str(), [=](benchmark::State& state) {
                step<float>(state, shape, m.normalization, m.preconditioner);
            });
            benchmark::RegisterBenchmark((name + "/float64").c_str(), [=](benchmark::State& state) {
                step<double>(state, shape, m.normalization, m.preconditioner);
            });
        }
}

} // namespace

int main(int argc, char** argv) {
    registerSteps();
    benchmark::RegisterBenchmark("history/push", pushHistory);
    benchmark::RegisterBenchmark("history/query_1000_pixels", queryHistory)->Range(1000, 100'000'000);
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
