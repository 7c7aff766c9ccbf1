// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/experiment_parameters.h"

#include "engine/laboratory/experiment.h"

#include <stdexcept>

namespace kappascope {

namespace {

constexpr std::int64_t manySteps = 1'000'000'000'000;

std::vector<Parameter> trainingParameters() {
    const Experiment standard;
    return {
        Parameter::choice("precision", "Precision", "Arithmetic of the training.", "float64",
                          {"float32", "float64"}),
        Parameter::integer("batch_size", "Mini-batch size",
                           "Samples of a training step; more than the training set has: the whole set.",
                           standard.batchSize, 1, 10'000'000)
            .decades(),
        Parameter::real("learning_rate", "Learning rate η",
                        "Learning rate of the runs that have none of their own.", standard.learningRate, 0,
                        1e3)
            .open(true, false)
            .decades(),
        Parameter::integer(
            "measure_every", "Measure every (steps)",
            "Steps between measurements; 0: as the sizes of data and mini-batch suggest, those "
            "that look at the whole data so seldom that they cost about a tenth of the "
            "training, the others at every tenth step or more often.",
            standard.measureEvery, 0, manySteps),
        Parameter::integer(
            "evaluate_every", "Evaluate every (steps)",
            "Steps between evaluations of the whole data, which take the losses and accuracies of whole sets "
            "and cost far more than other measurements; 0: as measure_every says.",
            standard.evaluateEvery, 0, manySteps),
    };
}

std::vector<Parameter> stopParameters() {
    const StopSpec standard;
    return {
        Parameter::integer("steps", "Steps", "Training stops after so many steps; 0: never.", standard.steps,
                           0, manySteps),
        Parameter::real("stop.epochs", "Epochs", "Training stops after so many epochs; 0: never.",
                        standard.epochs, 0, 1e9),
        Parameter::real("stop.target_loss", "Target loss",
                        "A run stops when its loss over the whole training set is not above this; 0: never.",
                        standard.targetLoss, 0, 1e9),
        Parameter::integer("stop.patience", "Patience",
                           "A run stops after so many measured test losses (training losses without a test "
                           "set) in a row without a new minimum; 0: never.",
                           standard.patience, 0, manySteps),
        Parameter::real("stop.divergence_factor", "Divergence factor",
                        "A run has diverged when a mini-batch loss exceeds the first one so many times; 0: "
                        "only when it is not finite.",
                        standard.divergenceFactor, 0, 1e100),
    };
}

std::vector<Parameter> modelParameters() {
    const ModelSpec standard;
    return {
        Parameter::numbers("model.hidden", "Hidden layers",
                           "Units of each hidden layer, first to last; none: a linear model.",
                           {standard.hidden.begin(), standard.hidden.end()}, 1, 10'000),
        Parameter::choice("model.fold", "Fold",
                          "Which layers start as if their inputs were standardized: the training set's mean "
                          "and deviation are folded into the start weights.",
                          "none", {"none", "inputs", "all"}),
        Parameter::real("model.l2", "L2 penalty λ", "Adds λ/2 |W|² of all dense weights to the loss.",
                        standard.l2, 0, 1e3),
        Parameter::flag("model.l2_before_preconditioner", "L2 before the preconditioner",
                        "The preconditioner transforms the penalty's gradient too, instead of the loss's "
                        "alone.",
                        standard.l2BeforePreconditioner),
    };
}

std::vector<Parameter> allParameters() {
    std::vector<Parameter> all = trainingParameters();
    for (const auto& more : {stopParameters(), modelParameters()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

} // namespace

const std::vector<Parameter>& experimentParameters() {
    static const std::vector<Parameter> parameters = allParameters();
    return parameters;
}

const Parameter& experimentParameter(std::string_view path) {
    for (const auto& parameter : experimentParameters())
        if (parameter.key == path) return parameter;
    throw std::logic_error("no experiment parameter '" + std::string(path) + "'");
}

} // namespace kappascope
