// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_catalog.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/normalization/stack.h"
#include "engine/training/trainer.h"
#include "tests/support/random_matrix.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace kappascope::test {

/// A member of `catalog` with its defaults but for `changed`, each checked.
template<class CatalogType>
MethodSpec methodOf(const CatalogType& catalog, const std::string& key,
                    const std::vector<std::pair<std::string, ParameterValue>>& changed = {}) {
    const auto& entry = catalog.at(key);
    Parameters values(entry);
    for (const auto& [name, value] : changed) {
        entry.find(name)->check(value, name);
        values.set(name, value);
    }
    return {key, values};
}

/// Forgets what is measured.
class NoSink final : public ProbeSink {
public:
    void record(const SeriesKey&, std::int64_t, double) override {}
};

/// Keeps what is measured: values by step for each series.
class KeepingSink final : public ProbeSink {
public:
    void record(const SeriesKey& key, std::int64_t step, double value) override { series[key][step] = value; }
    std::map<SeriesKey, std::map<std::int64_t, double>> series;
};

/// A small run, told by what differs from plain SGD on badly scaled moons.
struct Recipe {
    std::vector<int> hidden{6, 5};
    MethodSpec activation = methodOf(activationCatalog(), "tanh");
    MethodSpec normalization = methodOf(normalizationCatalog(), "none");
    MethodSpec preconditioner = methodOf(preconditioningCatalog(), "none");
    MethodSpec optimizer = methodOf(optimizerCatalog(), "sgd");
    MethodSpec loss = methodOf(lossCatalog(), "cross_entropy");
    std::vector<double> scale{1, 3};
    std::vector<double> offset{2, -1};
    int features = 2; ///< more: that many random mixtures of the two
    int margin = 0;   ///< so many of those, first and last, are 0
    int samples = 60; ///< a third of them for testing
    int batchSize = 8;
    double learningRate = 0.05;
    double l2 = 0;
    bool l2BeforePreconditioner = false;
};

template<class S>
std::shared_ptr<const Normalization<S>> makeNormalization(const MethodSpec& spec) {
    return normalizationCatalog().at(spec.method).make<S>(spec.parameters);
}

template<class S>
std::shared_ptr<const Preconditioning<S>> makePreconditioning(const MethodSpec& spec) {
    return preconditioningCatalog().at(spec.method).make<S>(spec.parameters);
}

template<class S>
std::unique_ptr<Optimizer<S>> makeOptimizer(const MethodSpec& spec) {
    return optimizerCatalog().at(spec.method).make<S>(spec.parameters);
}

template<class S>
TrainerMethods<S> makeMethods(const Recipe& recipe) {
    const double rate = recipe.learningRate;
    return {makeNormalization<S>(recipe.normalization),
            makePreconditioning<S>(recipe.preconditioner),
            makeOptimizer<S>(recipe.optimizer),
            [rate](std::int64_t) { return rate; },
            recipe.l2,
            recipe.l2BeforePreconditioner};
}

template<class S>
std::shared_ptr<const TrainingData<S>> makeData(const Split& split, const Loss<S>& loss) {
    return std::make_shared<const TrainingData<S>>(
        TrainingData<S>{split.train, split.test, loss.targets(split.train), loss.targets(split.test)});
}

inline Split moons(const Recipe& recipe) {
    DataSpec spec;
    spec.set = "moons";
    spec.parameters = Parameters(dataCatalog().at("moons"));
    spec.samples = recipe.samples;
    spec.scale = recipe.scale;
    spec.offset = recipe.offset;
    Split split = loadData(spec, 5);
    if (recipe.features == 2) return split;
    Matrix<double> mixture = randomMatrix<double>(recipe.features, 2, 6);
    mixture.topRows(recipe.margin).setZero();
    mixture.bottomRows(recipe.margin).setZero();
    for (Dataset* set : {&split.train, &split.test})
        set->x = Features(Matrix<double>(mixture * set->x.dense()));
    return split;
}

/// The same recipe makes the same trainer, bit for bit.
template<class S>
std::unique_ptr<Trainer<S>> makeTrainer(const Recipe& recipe) {
    const Split split = moons(recipe);
    std::shared_ptr<const Loss<S>> loss =
        lossCatalog().at(recipe.loss.method).template make<S>(recipe.loss.parameters);
    auto methods = makeMethods<S>(recipe);
    auto network = buildStack<S>(split.train.features(), recipe.hidden, loss->outputs(split.train),
                                 recipe.activation, *methods.normalization);
    initializeWeights(*network, methodOf(initializationCatalog(), "xavier_uniform"), 3);
    return std::make_unique<Trainer<S>>(
        std::move(network), loss, makeData<S>(split, *loss),
        BatchPlan(static_cast<int>(split.train.samples()), recipe.batchSize, 11), std::move(methods));
}

/// Trains `steps` steps; the mini-batch losses.
template<class S>
std::vector<double> train(Trainer<S>& trainer, int steps) {
    NoSink sink;
    std::vector<double> losses;
    for (int t = 0; t < steps; ++t)
        losses.push_back(trainer.step(sink, 10));
    return losses;
}

} // namespace kappascope::test
