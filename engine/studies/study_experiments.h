// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/laboratory/experiment.h"
#include "engine/studies/study_context.h"

namespace kappascope {

constexpr int ordinaryBatch = 60; ///< samples of a mini-batch, where its size is not what is studied

/// A network that the studies compare methods on: a ModelSpec, whatever its layers.
struct StudyNetwork {
    std::string name; ///< in tables and figures: "ReLU"
    ModelSpec model;
    /// Of the steps that a quick run gives to the others: enough for a network that learns the images sooner.
    double quickShare = 1;
};

/// 784-100-100-100-10 (64-...-10 for the digits) with sigmoid, tanh and ReLU, the paper's dense networks in
/// the reading of math.md section 6, and "CNN", a small convolutional one with ReLU.
std::vector<StudyNetwork> imageNetworks(const DataSpec& images);

/// How long a network is trained: `quick` steps, or fewer where it needs fewer, or `full` ones, by the scale.
std::int64_t stepsOf(const StudyContext& context, const StudyNetwork& network, std::int64_t quick,
                     std::int64_t full);
/// The same for a report: "5,000 steps (CNN 2,500)".
std::string stepsText(const StudyContext& context, const std::vector<StudyNetwork>& networks,
                      std::int64_t quick, std::int64_t full);

/// The network on the study's images: runs "Plain", "BN" (post-activation, running statistics) and "BNP" with
/// the defaults of their catalogs, plain SGD, float32.
Experiment imageExperiment(const StudyContext& context, const StudyNetwork& network, int batchSize);

/// The same with one plain run in float64.
Experiment plainImageExperiment(const StudyContext& context, const StudyNetwork& network, int batchSize);

/// A member of a catalog with its default parameters but for `changes`.
template<class EntryType>
MethodSpec studyMethod(const Catalog<EntryType>& catalog, const std::string& key,
                       const std::vector<std::pair<std::string, ParameterValue>>& changes = {}) {
    MethodSpec spec{key, Parameters(catalog.at(key))};
    for (const auto& [name, value] : changes)
        spec.parameters.set(name, value);
    return spec;
}

/// "784-100-100-100-10 ReLU" and the data, for a report: what was trained.
std::string imagesText(const StudyContext& context);

} // namespace kappascope
