// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/experiment_fields.h"
#include "engine/files/experiment_json.h"

namespace kappascope::test {

/// Two hundred moons in batches of 40, at a rate at which no run is chaotic; `alter` makes the rest.
template<class F>
inline Experiment moons(F alter) {
    Experiment experiment = parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"moons\", \"samples\": 300, \"scale\": [1, 2], \"offset\": "
        "[1, 0]},"
        " \"model\": {\"hidden\": [7, 5]}, \"batch_size\": 40, \"learning_rate\": 0.05, \"steps\": 200}");
    alter(experiment);
    return experiment;
}

inline MethodSpec method(const char* kind, const std::string& key) {
    const Members& members = *membersUnder(kind);
    return members.spec(members.at(key, kind));
}

/// A run named after what makes it different.
inline RunSpec run(const Experiment& experiment, const std::string& name) {
    RunSpec run = experiment.runs.front();
    run.id = 0;
    run.name = name;
    return run;
}

inline Experiment withActivation(const std::string& key) {
    return moons([&](Experiment& experiment) { experiment.model.activation = method("activation", key); });
}

inline Experiment withLoss(const std::string& key) {
    return moons([&](Experiment& experiment) { experiment.loss = method("loss", key); });
}

inline Experiment withEveryOptimizer() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const std::string& key : membersUnder("optimizer")->keys())
            for (const char* preconditioner : {"none", "bnp"}) {
                runs.push_back(run(experiment, key + " " + preconditioner));
                runs.back().optimizer = method("optimizer", key);
                runs.back().preconditioner = method("preconditioner", preconditioner);
                if (key != "sgd") runs.back().learningRate = 0.01;
            }
        experiment.runs = runs;
    });
}

inline Experiment withEverySchedule() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const std::string& key : membersUnder("schedule")->keys()) {
            runs.push_back(run(experiment, key));
            runs.back().schedule = method("schedule", key);
            Parameters& parameters = runs.back().schedule.parameters;
            if (parameters.has("steps")) parameters.set("steps", std::int64_t{80});
            if (parameters.has("every")) parameters.set("every", std::int64_t{30});
        }
        runs.push_back(runs.back());
        runs.back().name = "warm-up and cosine";
        runs.back().schedule = method("schedule", "warmup");
        runs.back().schedule.parameters.set("then", std::string("cosine"));
        runs.back().schedule.parameters.set("steps", std::int64_t{20});
        runs.back().schedule.parameters.set("decay_steps", std::int64_t{100});
        experiment.runs = runs;
    });
}

inline Experiment withEveryPreconditioner() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        const auto add = [&](const std::string& key, const char* parameter, ParameterValue value) {
            runs.push_back(run(experiment, key + ' ' + parameter + std::to_string(runs.size())));
            runs.back().preconditioner = method("preconditioner", key);
            if (*parameter) runs.back().preconditioner.parameters.set(parameter, std::move(value));
        };
        for (const std::string& key : membersUnder("preconditioner")->keys())
            add(key, "", 0.0);
        for (const char* start : {"first_batch", "bias_corrected"})
            for (const char* key : {"bnp", "centering"})
                add(key, "start", std::string(start));
        add("bnp", "variance", std::string("literal"));
        add("bnp", "rho", 0.5);
        add("bnp", "layers", std::vector<double>{0, 2});
        add("bnp", "epsilon1", 0.3);
        experiment.runs = runs;
    });
}

inline Experiment withEveryNormalization() {
    return moons([](Experiment& experiment) {
        std::vector<RunSpec> runs;
        for (const char* placement : {"post", "pre"})
            for (const bool inputs : {false, true})
                for (const char* preconditioner : {"none", "bnp"}) {
                    runs.push_back(run(experiment, std::string(placement) + (inputs ? " inputs " : " ") +
                                                       preconditioner));
                    runs.back().normalization = method("normalization", "batch_norm");
                    runs.back().normalization.parameters.set("placement", std::string(placement));
                    runs.back().normalization.parameters.set("normalize_inputs", inputs);
                    runs.back().preconditioner = method("preconditioner", preconditioner);
                }
        for (const std::string& key : membersUnder("normalization")->keys()) {
            runs.push_back(run(experiment, key));
            runs.back().normalization = method("normalization", key);
        }
        for (RunSpec& one : runs)
            one.learningRate = 0.02; // at 0.05 one of them amplifies rounding a millionfold every 50 steps
        experiment.runs = runs;
    });
}

inline Experiment withPenalty(bool beforePreconditioner) {
    return moons([&](Experiment& experiment) {
        experiment.model.l2 = 0.01;
        experiment.model.l2BeforePreconditioner = beforePreconditioner;
    });
}

inline Experiment fullBatchRegression() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"linear_regression\", \"samples\": 150, "
        "\"condition_number\": 20},"
        " \"model\": {\"hidden\": [6], \"fold\": \"all\"}, \"batch_size\": 1000, \"learning_rate\": 0.05}");
}

/// Two clusters far apart and a start that has them the wrong way round: the first steps overshoot so far
/// that the losses are below 1e-30 from then on.
inline Experiment tinyLosses(const std::string& loss) {
    Experiment experiment = parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"blobs\", \"classes\": 2, \"noise\": 0.1, \"scale\": [10]},"
        " \"model\": {\"hidden\": []}, \"batch_size\": 50, \"learning_rate\": 2, "
        "\"runs\": [{\"name\": \"Plain\"}]}");
    experiment.loss = method("loss", loss);
    experiment.seed.weights = 5;
    return experiment;
}

inline Experiment linearModel() {
    return parseExperiment("{\"kappascope\": 1, \"data\": {\"set\": \"blobs\"}, \"model\": {\"hidden\": []},"
                           " \"learning_rate\": 0.01}");
}

inline Experiment images() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"digits\"}, \"model\": {\"hidden\": [20],"
        " \"activation\": \"sigmoid\"}, \"learning_rate\": 0.02}");
}

/// Every kind of layer, with the normalizations and preconditioners that act on maps.
inline Experiment convolutions() {
    Experiment experiment = parseExperiment(
        R"({"kappascope": 1, "data": {"set": "digits"}, "batch_size": 16, "learning_rate": 0.001, "model": {"layers": [
        {"type": "conv2d", "channels": 4, "kernel": [3, 5], "padding": [1, 2]}, "tanh", {"type": "max_pool", "kernel": [3, 2],
        "stride": [2, 0], "padding": [1, 0]}, {"type": "residual", "layers": [{"type": "conv2d", "channels": 4, "padding": 1, "groups": 2},
        "silu", {"type": "conv2d", "channels": 4, "padding": 1}]}, "tanh", {"type": "residual", "shortcut":
        "projection", "layers": [{"type": "conv2d", "channels": 6, "kernel": [1, 3], "stride": [2, 1]}, {"type": "activation",
        "function": "leaky_relu", "slope": 0.2}]}, {"type": "average_pool", "kernel": [1, 2], "stride": 1}, "flatten",
        {"type": "dense", "units": 5}, "tanh"]}})");
    std::vector<RunSpec> runs;
    const auto add = [&](const std::string& name) -> RunSpec& {
        runs.push_back(run(experiment, name));
        runs.back().normalization = method("normalization", "none");
        runs.back().preconditioner = method("preconditioner", "none");
        return runs.back();
    };
    add("plain");
    for (const std::string& key : membersUnder("normalization")->keys())
        for (const char* placement : {"pre", "post"}) {
            if (key == "none") continue;
            RunSpec& one = add(key + ' ' + placement);
            one.normalization = method("normalization", key);
            one.normalization.parameters.set("placement", std::string(placement));
            if (key == "batch_norm") one.normalization.parameters.set("normalize_inputs", true);
        }
    for (const std::string& key : membersUnder("preconditioner")->keys())
        for (const char* counts : {"samples", "patches"}) {
            if (key == "none") continue;
            RunSpec& one = add(key + ' ' + counts);
            one.preconditioner = method("preconditioner", key);
            one.preconditioner.parameters.set("q_counts", std::string(counts));
        }
    RunSpec& both = add("BNP with group normalization");
    both.normalization = method("normalization", "group_norm");
    both.preconditioner = method("preconditioner", "bnp");
    experiment.runs = runs;
    return experiment;
}

inline Experiment namedNetwork() {
    Experiment experiment = parseExperiment(
        R"({"kappascope": 1, "data": {"set": "digits"}, "batch_size": 8, "learning_rate": 0.01,
        "model": {"network": "mlp", "l2": 0.01}, "runs": [{"name": "BNP", "preconditioner": "bnp"}]})");
    return experiment;
}

inline Experiment augmentedImages() {
    return parseExperiment(
        "{\"kappascope\": 1, \"data\": {\"set\": \"digits\", \"pixels\": \"per_channel\", \"augmentation\": "
        "{\"crop\": 2, \"shift\": 1, \"flip\": true}}, \"model\": {\"hidden\": [20]}, \"learning_rate\": "
        "0.02}");
}

inline Experiment batchesOfOne() {
    return moons([](Experiment& experiment) {
        experiment.batchSize = 1;
        experiment.learningRate = 0.01;
    });
}

} // namespace kappascope::test
