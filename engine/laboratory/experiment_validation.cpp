// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/experiment.h"

#include "engine/data/data_catalog.h"
#include "engine/laboratory/experiment_parameters.h"
#include "engine/network/activation.h"
#include "engine/network/initialization.h"
#include "engine/network/layer_catalog.h"
#include "engine/network/loss.h"
#include "engine/network/network_catalog.h"
#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/layer_choice.h"
#include "engine/preconditioning/preconditioner.h"

#include <algorithm>

namespace kappascope {

namespace {

void checkParameter(std::string_view path, const ParameterValue& value) {
    experimentParameter(path).check(value, std::string(path));
}

/// The method is known, and its parameters are known and within their ranges. `place` is the JSON path.
template<class EntryType>
void checkMethod(const Catalog<EntryType>& catalog, const MethodSpec& spec, const std::string& place) {
    const Description& entry = catalog.at(spec.method, place);
    std::vector<std::string> known;
    for (const Parameter& parameter : entry.parameters)
        known.push_back(parameter.key);
    for (const auto& [key, value] : spec.parameters.values()) {
        const Parameter* parameter = entry.find(key);
        if (!parameter)
            throw InputError(place + '.' + key,
                             catalog.kind() + " '" + entry.key + "' has no parameter '" + key + "'",
                             known.empty() ? "It has none." : suggestName(key, known));
        parameter->check(value, place + '.' + key);
    }
    for (const Parameter& parameter : entry.parameters)
        if (!spec.parameters.has(parameter.key) && parameter.key != learningRateKey)
            throw InputError(place + '.' + parameter.key, "missing, expected " + parameter.expected());
}

void checkTraining(const Experiment& experiment) {
    checkParameter("batch_size", std::int64_t{experiment.batchSize});
    checkParameter("learning_rate", experiment.learningRate);
    checkParameter("measure_every", experiment.measureEvery);
    checkParameter("evaluate_every", experiment.evaluateEvery);
    checkParameter("steps", experiment.stop.steps);
    checkParameter("stop.epochs", experiment.stop.epochs);
    checkParameter("stop.target_loss", experiment.stop.targetLoss);
    checkParameter("stop.patience", experiment.stop.patience);
    checkParameter("stop.divergence_factor", experiment.stop.divergenceFactor);
}

void checkListedModel(const ModelSpec& model) {
    if (!model.network.empty() && !model.layers.empty())
        throw InputError("model.network", "there are layers too", "Take one of the two.");
    if (!model.network.empty()) networkCatalog().at(model.network, "model.network");
    if (countLayers(model.layers) > maximumListedLayers)
        throw InputError("model.layers", "found " + std::to_string(countLayers(model.layers)) +
                                             " layers, expected at most " +
                                             std::to_string(maximumListedLayers));
    checkLayers(model.layers, "model.layers");
}

void checkModel(const ModelSpec& model) {
    checkListedModel(model);
    checkParameter("model.hidden", std::vector<double>(model.hidden.begin(), model.hidden.end()));
    if (model.hidden.size() > maximumHiddenLayers)
        throw InputError("model.hidden", "found " + std::to_string(model.hidden.size()) +
                                             " layers, expected at most " +
                                             std::to_string(maximumHiddenLayers));
    checkMethod(activationCatalog(), model.activation, "model.activation");
    checkMethod(initializationCatalog(), model.initialization, "model.initialization");
    checkParameter("model.l2", model.l2);
}

/// The loss fits the kind of data, as far as that can be told without loading them: asks it for the outputs
/// that two classes, or one number, would need. How many classes there are shows when they are loaded.
void checkLoss(const Experiment& experiment) {
    if (experiment.loss.method.empty()) return; // the one that fits
    checkMethod(lossCatalog(), experiment.loss, "loss");
    const std::optional<Task> task = taskOf(experiment.data);
    if (!task) return;
    Dataset sample;
    sample.name = experiment.data.set;
    sample.task = *task;
    if (task == Task::Classification)
        sample.classNames = {"0", "1"};
    else
        sample.y.setZero(1, 1);
    lossCatalog().at(experiment.loss.method).make<double>(experiment.loss.parameters)->outputs(sample);
}

void checkRun(const RunSpec& run, const std::string& place) {
    checkMethod(normalizationCatalog(), run.normalization, place + ".normalization");
    checkMethod(preconditioningCatalog(), run.preconditioner, place + ".preconditioner");
    if (LayerChoice::isIn(run.preconditioner.parameters))
        LayerChoice(run.preconditioner.parameters, place + ".preconditioner"); // throws
    checkMethod(optimizerCatalog(), run.optimizer, place + ".optimizer");
    checkMethod(scheduleCatalog(), run.schedule, place + ".optimizer.schedule");
    if (run.learningRate)
        experimentParameter("learning_rate").check(*run.learningRate, place + ".optimizer.learning_rate");
}

void checkRuns(const std::vector<RunSpec>& runs) {
    if (runs.size() > maximumRuns)
        throw InputError("runs",
                         "found " + std::to_string(runs.size()) + " runs, expected at most " +
                             std::to_string(maximumRuns),
                         "Spread them over several experiments.");
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::string& name = runs[i].name;
        const std::string place = "runs." + std::to_string(i) + ".name";
        if (name.empty()) throw InputError(place, "the name is empty", "Give every run a name of its own.");
        const auto same = std::ranges::find(runs, name, &RunSpec::name) - runs.begin();
        if (static_cast<std::size_t>(same) != i)
            throw InputError(place, "run " + std::to_string(same) + " is called '" + name + "' too",
                             "Give every run a name of its own.");
        checkRun(runs[i], "runs." + name);
    }
}

} // namespace

void validate(const Experiment& experiment) {
    checkTraining(experiment);
    checked(experiment.data);
    checkModel(experiment.model);
    checkLoss(experiment);
    checkRuns(experiment.runs);
}

} // namespace kappascope
