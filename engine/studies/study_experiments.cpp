// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_experiments.h"

#include "engine/data/data_catalog.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/loss.h"
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

RunSpec namedRun(int id, const std::string& name) {
    RunSpec run = defaultRun();
    run.id = id;
    run.name = name;
    return run;
}

} // namespace

std::vector<StudyNetwork> denseNetworks() {
    return {denseNetwork("sigmoid", "sigmoid", "xavier_uniform"),
            denseNetwork("tanh", "tanh", "xavier_uniform"), denseNetwork("ReLU", "relu", "he_uniform")};
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
