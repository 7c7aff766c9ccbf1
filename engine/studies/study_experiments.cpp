// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_experiments.h"

#include "engine/data/data_catalog.h"
#include "engine/laboratory/number_text.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/loss.h"
#include "engine/network/networks/parts.h"
#include "engine/normalization/normalization.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

namespace {

StudyNetwork denseNetwork(const std::string& name, const std::string& activation,
                          const std::string& initialization) {
    StudyNetwork network;
    network.name = name;
    network.model.hidden = {100, 100, 100};
    network.model.activation = studyMethod(activationCatalog(), activation);
    network.model.initialization = studyMethod(initializationCatalog(), initialization);
    return network;
}

/// Without padding, and down to maps of one position: there BN, BNP and their statistics by channel belong
/// together exactly. About as much arithmetic a sample as the dense networks.
StudyNetwork convolutionalNetwork(const DataSpec& images) {
    const bool large = images.set == "mnist"; // 28 x 28, else 8 x 8
    StudyNetwork network;
    network.name = "CNN";
    network.quickShare = 0.5;
    network.model.hidden.clear(); // nor is the activation looked at where there are layers
    network.model.activation = studyMethod(activationCatalog(), "relu");
    network.model.layers = {large ? convolution(8, 5, 2, 0) : convolution(8, 3, 1, 0),
                            layerNamed("relu"),
                            large ? convolution(16, 5, 2, 0) : convolution(16, 3, 2, 0),
                            layerNamed("relu"),
                            convolution(50, large ? 4 : 2, 1, 0),
                            layerNamed("relu")};
    network.model.initialization = studyMethod(initializationCatalog(), "he_uniform");
    return network;
}

RunSpec namedRun(int id, const std::string& name) {
    RunSpec run = defaultRun();
    run.id = id;
    run.name = name;
    return run;
}

} // namespace

std::vector<StudyNetwork> imageNetworks(const DataSpec& images) {
    return {denseNetwork("sigmoid", "sigmoid", "xavier_uniform"),
            denseNetwork("tanh", "tanh", "xavier_uniform"), denseNetwork("ReLU", "relu", "he_uniform"),
            convolutionalNetwork(images)};
}

std::int64_t stepsOf(const StudyContext& context, const StudyNetwork& network, std::int64_t quick,
                     std::int64_t full) {
    return context.steps(static_cast<std::int64_t>(static_cast<double>(quick) * network.quickShare), full);
}

std::string stepsText(const StudyContext& context, const std::vector<StudyNetwork>& networks,
                      std::int64_t quick, std::int64_t full) {
    const std::int64_t usual = context.steps(quick, full);
    std::string text = groupedText(usual) + " steps", others;
    for (const StudyNetwork& network : networks)
        if (const std::int64_t steps = stepsOf(context, network, quick, full); steps != usual)
            others += (others.empty() ? "" : ", ") + network.name + ' ' + groupedText(steps);
    return others.empty() ? text : text + " (" + others + ')';
}

Experiment imageExperiment(const StudyContext& context, const StudyNetwork& network, int batchSize) {
    Experiment experiment;
    experiment.name = network.name + ", batch " + std::to_string(batchSize);
    experiment.precision = Precision::Float32;
    experiment.data = context.options().images;
    experiment.model = network.model;
    experiment.loss = studyMethod(lossCatalog(), "cross_entropy");
    experiment.batchSize = batchSize;
    experiment.runs = {namedRun(1, "Plain"), namedRun(2, "BN"), namedRun(3, "BNP")};
    experiment.runs[1].normalization = studyMethod(normalizationCatalog(), "batch_norm");
    experiment.runs[2].preconditioner = studyMethod(preconditioningCatalog(), "bnp");
    return experiment;
}

Experiment plainImageExperiment(const StudyContext& context, const StudyNetwork& network, int batchSize) {
    Experiment experiment = imageExperiment(context, network, batchSize);
    experiment.precision = Precision::Float64;
    experiment.runs.resize(1);
    return experiment;
}

std::string imagesText(const StudyContext& context) {
    return dataCatalog().at(context.options().images.set).label;
}

} // namespace kappascope
