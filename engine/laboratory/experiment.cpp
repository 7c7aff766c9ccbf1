// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/experiment.h"

#include "engine/data/data_catalog.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/loss.h"
#include "engine/network/network_catalog.h"
#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

namespace {

/// The member `key` of a catalog with its default parameters.
template<class EntryType>
MethodSpec method(const Catalog<EntryType>& catalog, const std::string& key) {
    return {key, Parameters(catalog.at(key))};
}

/// The same for an optimizer: the learning rate is the run's, not the method's.
MethodSpec optimizer(const std::string& key) {
    MethodSpec spec{key, {}};
    for (const Parameter& parameter : optimizerCatalog().at(key).parameters)
        if (parameter.key != learningRateKey) spec.parameters.set(parameter.key, parameter.standard);
    return spec;
}

/// XOR clusters of deviation 0.3 at (±1, ±1), then x = 10 + z1, y = 10 + 20 z2; 200 samples train.
DataSpec badlyScaledXor() {
    DataSpec data;
    data.set = "xor";
    data.samples = 300;
    data.testFraction = 1.0 / 3;
    data.noise = 0.3;
    data.scale = {1, 20};
    data.offset = {10, 10};
    return checked(data);
}

RunSpec namedRun(int id, const std::string& name) {
    RunSpec run = defaultRun();
    run.id = id;
    run.name = name;
    return run;
}

/// Evaluated with the training set's statistics: running averages lag behind in a short run and make BN look
/// broken (math.md section 3). With its inputs normalized too: they are what is badly scaled.
RunSpec batchNormRun(int id) {
    RunSpec run = namedRun(id, "BN");
    run.normalization = method(normalizationCatalog(), "batch_norm");
    run.normalization.parameters.set("placement", std::string("post"));
    run.normalization.parameters.set("normalize_inputs", true);
    run.normalization.parameters.set("evaluation", std::string("training_set"));
    return run;
}

/// With statistics that follow quickly: at rho = 0.99 a toy would be done before they have warmed up.
RunSpec preconditionedRun(int id) {
    RunSpec run = namedRun(id, "BNP");
    run.preconditioner = method(preconditioningCatalog(), "bnp");
    run.preconditioner.parameters.set("rho", 0.9);
    return run;
}

} // namespace

RunSpec defaultRun() {
    RunSpec run;
    run.normalization = method(normalizationCatalog(), "none");
    run.preconditioner = method(preconditioningCatalog(), "none");
    run.optimizer = optimizer("sgd");
    run.schedule = method(scheduleCatalog(), "constant");
    return run;
}

MethodSpec standardLoss(Task task) {
    return method(lossCatalog(), task == Task::Classification ? "cross_entropy" : "mean_squared_error");
}

Experiment defaultExperiment() {
    Experiment experiment;
    experiment.name = "XOR, badly scaled";
    experiment.description = "One feature is twenty times the other and both are far from 0: the plain run "
                             "crawls, BN and BNP are done within a few hundred steps.";
    experiment.data = badlyScaledXor();
    experiment.model.hidden = {8, 8};
    experiment.model.activation = method(activationCatalog(), "tanh");
    experiment.model.initialization = method(initializationCatalog(), "xavier_uniform");
    experiment.model.fold = Fold::Inputs;
    experiment.loss = method(lossCatalog(), "binary_cross_entropy");
    experiment.batchSize = 200;
    experiment.learningRate = 0.05;
    experiment.runs = {namedRun(1, "Plain"), batchNormRun(2), preconditionedRun(3)};
    return experiment;
}

const std::vector<LayerSpec>& layersOf(const ModelSpec& model) {
    return model.network.empty() ? model.layers : networkCatalog().at(model.network, "model.network").layers;
}

std::size_t weightedLayers(const ModelSpec& model) {
    return (model.stacked() ? model.hidden.size() : countWeighted(layersOf(model))) + 1;
}

NetworkPlan planModel(const ModelSpec& model, const Dataset& data, Index outputs) {
    if (model.stacked()) return planStack(data.features(), model.hidden, outputs, model.activation);
    MapShape inputs = data.features();
    if (data.image) inputs = {data.image->channels, data.image->height, data.image->width};
    return planLayers(layersOf(model), inputs, outputs,
                      model.network.empty() ? "model.layers" : "model.network '" + model.network + "'");
}

bool needsRestart(const Experiment& a, const Experiment& b) {
    return a.seed != b.seed || a.precision != b.precision || a.data != b.data || a.loss != b.loss ||
           a.model.hidden != b.model.hidden || a.model.network != b.model.network ||
           a.model.layers != b.model.layers || a.model.activation != b.model.activation ||
           a.model.initialization != b.model.initialization || a.model.fold != b.model.fold;
}

} // namespace kappascope
