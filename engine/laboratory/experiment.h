// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"
#include "engine/data/data_spec.h"
#include "engine/data/dataset.h"
#include "engine/network/layer_plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kappascope {

/// One seed for each purpose, so that each can be changed alone.
struct SeedSpec {
    std::uint64_t data = 7, weights = 7, batches = 7, noise = 7, augmentation = 7;
    static SeedSpec of(std::uint64_t seed) { return {seed, seed, seed, seed, seed}; } ///< one for all
    bool operator==(const SeedSpec&) const = default;
};

enum class Precision { Float32, Float64 };

/// How the statistics of inputs are folded into the start weights (math.md section 2).
enum class Fold { None, Inputs, All };

/// The network, in one of three forms: dense layers of the widths `hidden`, with an activation behind each;
/// or the name of one of networkCatalog(); or a list of layers. Behind them stands a dense layer of as many
/// units as the data ask for.
struct ModelSpec {
    std::vector<int> hidden{8, 8};   ///< when there is neither a name nor a list
    MethodSpec activation;           ///< activationCatalog(); of `hidden`
    std::string network{};           ///< networkCatalog(), or empty
    std::vector<LayerSpec> layers{}; ///< layerCatalog(), or empty
    MethodSpec initialization;       ///< initializationCatalog()
    Fold fold = Fold::None;
    double l2 = 0; ///< penalty l2/2 |W|^2 on weights
    bool l2BeforePreconditioner = false;

    bool stacked() const { return network.empty() && layers.empty(); } ///< by `hidden`
    bool operator==(const ModelSpec&) const = default;
};

/// When training stops by itself; 0 means never.
struct StopSpec {
    std::int64_t steps = 0;
    double epochs = 0;
    double targetLoss = 0; ///< full training loss at or below
    std::int64_t patience =
        0; ///< measured test losses (training without a test set) in a row with no new minimum
    double divergenceFactor =
        1e6; ///< a mini-batch loss above this times the first one counts as diverged; 0: only non-finite ones
    bool operator==(const StopSpec&) const = default;
};

/// One copy of the network and what makes it differ from the others.
struct RunSpec {
    int id = 0;                         ///< identity through renames; not in files
    std::string name;                   ///< unique within the experiment
    MethodSpec normalization;           ///< normalizationCatalog()
    MethodSpec preconditioner;          ///< preconditioningCatalog()
    MethodSpec optimizer;               ///< optimizerCatalog(), without the learning rate
    std::optional<double> learningRate; ///< empty: the experiment's
    MethodSpec schedule;                ///< scheduleCatalog()
    std::string color;                  ///< "#rrggbb", or empty: by position
    bool hidden = false;                ///< not drawn; trains all the same
    std::string forkOf; ///< name of the run whose state it took over when it was added in mid-training

    bool operator==(const RunSpec&) const = default;
};

/// The whole set-up: plain data, comparable, copyable. Everything that training depends on is here. Files
/// hold it as JSON.
struct Experiment {
    std::string name = "Untitled";
    std::string description; ///< what it shows, in a sentence
    SeedSpec seed;
    Precision precision = Precision::Float64;
    DataSpec data;
    ModelSpec model;
    MethodSpec loss;           ///< lossCatalog(); empty: standardLoss(), put in as the data are loaded
    int batchSize = 32;        ///< larger than the training set: the whole set
    double learningRate = 0.1; ///< for runs that have none of their own
    StopSpec stop;
    std::int64_t measureEvery = 0;  ///< steps between Regular probes; 0: MeasureCadence::automatic
    std::int64_t evaluateEvery = 0; ///< steps between those of whole sets; 0: as measureEvery says
    std::vector<RunSpec> runs;

    bool operator==(const Experiment&) const = default;

    /// The learning rate in force for `run`.
    double learningRateOf(const RunSpec& run) const { return run.learningRate.value_or(learningRate); }
};

/// Names filled in with every default: three runs (plain, BN, BNP) on badly scaled XOR, at a rate at
/// which the plain run crawls and can be helped in mid-training (at that of math.md section 6 A it saturates
/// within a hundred steps and no switch brings it back: preset xor_crushed).
Experiment defaultExperiment();

/// The loss of an experiment that names none: cross-entropy for classes, mean squared error for numbers.
MethodSpec standardLoss(Task task);

/// The list of layers of a model that is not stacked().
const std::vector<LayerSpec>& layersOf(const ModelSpec& model);

/// How many layers with weights it has, the output layer too.
std::size_t weightedLayers(const ModelSpec& model);

/// The network of `model` on `data`, with so many outputs, normalizations left out. Throws InputError at the
/// layer that does not fit what it receives.
NetworkPlan planModel(const ModelSpec& model, const Dataset& data, Index outputs);

/// A run with the defaults of all catalogs; id and name are the caller's.
RunSpec defaultRun();

/// Throws InputError naming the JSON path when a value is out of range, a name unknown, a run's name empty or
/// double, the loss does not fit the data's task, or there are more than maximumRuns runs. A run is addressed
/// by its name: "runs.BNP.optimizer.learning_rate". What only the data can tell (how many classes) is found
/// as they are loaded.
void validate(const Experiment& experiment);
inline constexpr int maximumRuns = 1000; ///< guards against a mistake; each takes memory
inline constexpr int maximumHiddenLayers = 64;
inline constexpr int maximumListedLayers = 1000;

/// True when going from `a` to `b` needs new data, another network or other start weights: all runs start
/// over.
bool needsRestart(const Experiment& a, const Experiment& b);

} // namespace kappascope
