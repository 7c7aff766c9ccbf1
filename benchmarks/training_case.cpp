// SPDX-License-Identifier: GPL-3.0-or-later
#include "benchmarks/training_case.h"

#include "engine/core/random.h"
#include "engine/data/data_catalog.h"
#include "engine/data/sets/user_folder.h"
#include "engine/laboratory/pacer.h"
#include "engine/laboratory/run_of.h"
#include "engine/network/activation.h"

#include <filesystem>
#include <iostream>
#include <numeric>

namespace kappascope::bench {

namespace {

constexpr std::int64_t never = std::int64_t{1} << 60;
constexpr std::size_t historyBytes = std::size_t{8} << 20;

Features noise(int rows, int samples) {
    RandomStream stream(1, "benchmark");
    constexpr int many = 64; // inputs
    if (rows < many)
        return Features(
            Matrix<double>(Matrix<double>::NullaryExpr(rows, samples, [&] { return stream.normal(); })));
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(rows) * static_cast<std::size_t>(samples));
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(stream.below(256));
    return Features(rows, std::move(bytes), 1.0 / 255);
}

Dataset noisyClasses(const TrainingCase& which, int samples) {
    RandomStream stream(2, "benchmark");
    const int classes = std::max(which.outputs, 2);
    Dataset data;
    data.name = "noise";
    data.x = noise(which.inputs, samples);
    for (int n = 0; n < samples; ++n)
        data.labels.push_back(static_cast<int>(stream.below(static_cast<std::uint64_t>(classes))));
    for (int k = 0; k < classes; ++k)
        data.classNames.push_back(std::to_string(k));
    return data;
}

bool hasMnist() {
    const bool there = std::filesystem::is_directory(data_sets::UserFolder{"mnist", "MNIST", ""}.standard());
    if (!there) std::cerr << "No rows on MNIST: './dev data mnist' fetches it.\n";
    return there;
}

/// MNIST's training images.
const Dataset& mnist() {
    static const Dataset images = [] {
        DataSpec spec;
        spec.set = "mnist";
        return loadData(checked(spec), 1).train;
    }();
    return images;
}

Dataset firstOfMnist(int samples) {
    std::vector<int> first(static_cast<std::size_t>(samples));
    std::iota(first.begin(), first.end(), 0);
    Dataset data = mnist();
    data.x = data.x.select(first);
    data.labels.resize(first.size());
    return data;
}

template<class Members>
MethodSpec method(const Catalog<Members>& catalog, const std::string& key) {
    return {key, Parameters(catalog.at(key))};
}

template<class S>
std::unique_ptr<Run> makeRunOf(const Experiment& experiment, const RunSpec& spec, const Split& split,
                               int batch) {
    const auto data = std::make_shared<const Split>(split);
    const auto materials = std::make_shared<const Materials<S>>(experiment, data);
    const BatchPlan plan(static_cast<int>(split.train.samples()), batch, experiment.seed.batches);
    return std::make_unique<RunOf<S>>(materials, spec, RunSettings(experiment, spec), plan, historyBytes);
}

} // namespace

const std::vector<TrainingCase>& comparedCases() {
    static const std::vector<TrainingCase> cases = [] {
        const TrainingCase toy{"2-8-8-8-1 tanh, batch 10", 2, {8, 8, 8}, 1, "tanh", 10};
        const TrainingCase middle{"2-64-64-2 ReLU, batch 32", 2, {64, 64}, 2, "relu", 32};
        const TrainingCase digits{"784-100-100-100-10 ReLU, batch 60", 784, {100, 100, 100}, 10, "relu", 60};
        std::vector<TrainingCase> all;
        const auto add = [&all](TrainingCase which, const char* suffix, const auto& change) {
            which.name += suffix;
            change(which);
            all.push_back(which);
        };
        const auto inDouble = [](TrainingCase& c) { c.precision = Precision::Float64; };
        const auto batch = [&digits](int n) {
            TrainingCase c = digits;
            c.name = "784-100-100-100-10 ReLU, batch " + std::to_string(n);
            c.batch = n;
            return c;
        };
        const auto withBn = [](TrainingCase& c) { c.normalization = "batch_norm"; };
        const auto withBnp = [](TrainingCase& c) { c.preconditioner = "bnp"; };
        const auto plain = [](TrainingCase&) {};
        for (const TrainingCase& c : {toy, middle, batch(1), batch(6), digits}) {
            add(c, "", plain);
            add(c, ", float64", inDouble);
        }
        add(digits, ", BN", withBn);
        add(digits, ", BNP", withBnp);
        add(digits, ", 2 threads", [](TrainingCase& c) { c.threads = 2; });
        add(digits, ", BN, 2 threads", [&](TrainingCase& c) { withBn(c), c.threads = 2; });
        add(digits, ", BNP, 2 threads", [&](TrainingCase& c) { withBnp(c), c.threads = 2; });
        if (!hasMnist()) return all;
        for (const auto& [samples, threads] :
             {std::pair(1, 1), std::pair(6, 1), std::pair(60, 1), std::pair(60, 2)})
            for (const bool bn : {false, true}) {
                if (bn && samples < 60) continue;
                TrainingCase c = batch(samples);
                c.name = "784-100-100-100-10 ReLU on MNIST, batch " + std::to_string(samples) +
                         (bn ? ", BN" : "") + (threads > 1 ? ", 2 threads" : "");
                if (bn) withBn(c);
                c.threads = threads;
                c.onMnist = true;
                all.push_back(c);
            }
        return all;
    }();
    return cases;
}

std::unique_ptr<Run> makeRun(const TrainingCase& which) {
    Experiment experiment = defaultExperiment();
    experiment.precision = which.precision;
    experiment.model.hidden = which.hidden;
    experiment.model.activation = method(activationCatalog(), which.activation);
    experiment.model.fold = Fold::None;
    experiment.loss = method(lossCatalog(), which.outputs == 1 ? "binary_cross_entropy" : "cross_entropy");
    experiment.learningRate = 1e-3;
    experiment.stop = {};
    RunSpec spec = defaultRun();
    spec.id = 1;
    spec.normalization = method(normalizationCatalog(), which.normalization);
    spec.preconditioner = method(preconditioningCatalog(), which.preconditioner);
    spec.optimizer = method(optimizerCatalog(), "sgd");

    const int samples = std::max(600, 10 * which.batch);
    const auto data = [&](int n) { return which.onMnist ? firstOfMnist(n) : noisyClasses(which, n); };
    const Split split{data(samples), data(10)};
    auto run = which.precision == Precision::Float32
                   ? makeRunOf<float>(experiment, spec, split, which.batch)
                   : makeRunOf<double>(experiment, spec, split, which.batch);
    run->setCadence(never);
    return run;
}

std::int64_t stepsOfAChunk(Run& run) {
    ChunkSize chunk;
    constexpr int enough = 30; // it doubles at most
    for (int i = 0; i < enough; ++i) {
        const auto begun = Clock::now();
        run.advance(run.stepsDone() + chunk.steps());
        chunk.learn(chunk.steps(), Clock::now() - begun);
    }
    return chunk.steps();
}

} // namespace kappascope::bench
