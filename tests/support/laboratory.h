// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/laboratory.h"
#include "tests/support/training.h"

#include <chrono>
#include <thread>

namespace kappascope::test {

/// Small enough for the thread sanitizer: 40 training samples of badly scaled XOR, mini-batches of 8, five
/// runs with all kinds of methods.
inline Experiment smallExperiment() {
    Experiment experiment = defaultExperiment();
    experiment.data.samples = 60;
    experiment.model.hidden = {5, 4};
    experiment.batchSize = 8;
    experiment.learningRate = 0.1;
    experiment.measureEvery = 4;
    RunSpec adam = experiment.runs[0];
    adam.id = 4;
    adam.name = "Adam";
    adam.optimizer = methodOf(optimizerCatalog(), "adam");
    adam.learningRate = 0.01;
    RunSpec both = experiment.runs[1];
    both.id = 5;
    both.name = "BN and BNP";
    both.preconditioner = experiment.runs[2].preconditioner;
    both.optimizer = methodOf(optimizerCatalog(), "momentum");
    both.schedule = methodOf(scheduleCatalog(), "cosine", {{"steps", std::int64_t{300}}});
    experiment.runs.push_back(adam);
    experiment.runs.push_back(both);
    return experiment;
}

inline void step(Laboratory& laboratory, std::int64_t steps) {
    laboratory.send(command::Step{steps});
    laboratory.wait();
}

/// Sends the present experiment with what `change` makes of it, and waits.
template<class Change>
void edit(Laboratory& laboratory, const std::string& description, Change&& change) {
    Experiment experiment = laboratory.experiment();
    change(experiment);
    laboratory.send(command::Edit{std::move(experiment), description});
    laboratory.wait();
}

inline RunStatus statusOf(const Laboratory& laboratory, int id) {
    for (const RunStatus& run : laboratory.status().runs)
        if (run.id == id) return run;
    throw std::logic_error("no such run");
}

/// The whole series as far as it is kept, steps and values.
inline std::pair<std::vector<std::int64_t>, std::vector<double>> seriesOf(const Laboratory& laboratory,
                                                                          int run, const SeriesKey& key) {
    std::pair<std::vector<std::int64_t>, std::vector<double>> series;
    laboratory.history(run)->raw(key, 0, series.first, series.second);
    return series;
}

/// A snapshot of the present state, of a laboratory that does not play.
inline std::shared_ptr<const Snapshot> snapshotNow(Laboratory& laboratory, int run) {
    laboratory.wait();
    laboratory.snapshot(run);
    // Each is a round of the coordinator; by the end of the first one the snapshot has been taken.
    laboratory.signature();
    laboratory.signature();
    return laboratory.snapshot(run);
}

} // namespace kappascope::test
