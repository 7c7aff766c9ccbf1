// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/summary_json.h"

#include "engine/files/json.h"

#include "engine/normalization/normalization.h"
#include "engine/training/evaluator.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kappascope {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

bool betterWhenGreater(const std::string& metric) {
    return metric.ends_with("_accuracy");
}

/// The least or greatest finite value of a series: blocks keep their extremes.
double extreme(const History& history, const SeriesKey& key, bool greatest) {
    std::vector<Series::Block> blocks;
    history.query(key, 0, history.lastStep(key), 1, blocks);
    double best = unknown;
    for (const auto& block : blocks) {
        if (block.count == 0) continue;
        const double value = greatest ? block.maximum : block.minimum;
        if (std::isnan(best) || (greatest ? value > best : value < best)) best = value;
    }
    return best;
}

void addValues(RunSummary& run, const History& history) {
    for (const SeriesKey& key : history.keys()) {
        if (key.layer != SeriesKey::wholeNetwork || history.size(key) == 0) continue;
        run.last[key.metric] = history.lastValue(key);
        const bool isLoss = key.metric.find("_loss") != std::string::npos;
        if (isLoss || betterWhenGreater(key.metric))
            run.best[key.metric] = extreme(history, key, betterWhenGreater(key.metric));
    }
}

/// Losses and accuracies of a snapshot over the whole sets.
Evaluation evaluate(const Snapshot& snapshot) {
    const Dataset &train = snapshot.data->train, &test = snapshot.data->test;
    const TrainingData<double> data{train, test, snapshot.loss->targets(train), snapshot.loss->targets(test)};
    const auto none = normalizationCatalog().at("none").make<double>({}); // snapshots hold their statistics
    Network<double> network(*snapshot.network);
    network.reserve(evaluationChunk(network));
    return Evaluator<double>(network, *none).evaluate(network, *snapshot.loss, data);
}

void addFinalValues(RunSummary& run, const Evaluation& evaluation) {
    const std::pair<const char*, double> values[] = {{"train_loss_full", evaluation.trainLoss},
                                                     {"test_loss", evaluation.testLoss},
                                                     {"train_accuracy", evaluation.trainAccuracy},
                                                     {"test_accuracy", evaluation.testAccuracy}};
    for (const auto& [metric, value] : values) {
        if (std::isnan(value)) continue;
        run.last[metric] = value;
        const auto best = run.best.try_emplace(metric, value).first;
        const bool better = betterWhenGreater(metric) ? value > best->second : value < best->second;
        if (better || std::isnan(best->second)) best->second = value;
    }
}

void addEnding(RunSummary& run, const RunStatus& status, bool interrupted) {
    run.why = status.why;
    if (status.state == RunState::Diverged) {
        run.ended = "diverged";
    } else if (status.state == RunState::Finished || !interrupted) {
        run.ended = "finished";
    } else {
        run.ended = "stopped";
        run.why = "by the user";
    }
}

Json numberOrNull(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json numbers(const std::map<std::string, double>& values) {
    Json object = Json::object();
    for (const auto& [key, value] : values)
        object[key] = numberOrNull(value);
    return object;
}

} // namespace

double RunSummary::lastOf(const std::string& metric) const {
    const auto found = last.find(metric);
    return found == last.end() ? unknown : found->second;
}

std::shared_ptr<const Snapshot> presentSnapshot(Laboratory& laboratory, int id) {
    laboratory.snapshot(id); // orders a new one, which is taken before the next command is done with
    laboratory.send(command::Pause{});
    laboratory.wait();
    return laboratory.snapshot(id);
}

TrainingSummary summarize(Laboratory& laboratory, bool interrupted) {
    const LaboratoryStatus status = laboratory.status();
    const Experiment experiment = laboratory.experiment();
    TrainingSummary summary{experiment.name, laboratory.signature(), status.step,
                            status.seconds,  status.threads,         {}};
    for (const RunStatus& runStatus : status.runs) {
        RunSummary& run = summary.runs.emplace_back();
        const auto spec = std::ranges::find(experiment.runs, runStatus.id, &RunSpec::id);
        if (spec != experiment.runs.end()) run.name = spec->name;
        run.steps = runStatus.step;
        run.seconds = runStatus.seconds;
        run.parameters = runStatus.parameters;
        addEnding(run, runStatus, interrupted);
        if (const auto history = laboratory.history(runStatus.id)) addValues(run, *history);
        if (const auto snapshot = presentSnapshot(laboratory, runStatus.id))
            addFinalValues(run, evaluate(*snapshot));
        summary.steps = std::max(summary.steps, run.steps);
    }
    return summary;
}

std::string formatSummary(const TrainingSummary& summary) {
    Json runs = Json::array();
    for (const RunSummary& run : summary.runs)
        runs.push_back({{"name", run.name},
                        {"ended", run.ended},
                        {"why", run.why},
                        {"steps", run.steps},
                        {"seconds", run.seconds},
                        {"steps_per_second", run.stepsPerSecond()},
                        {"parameters", run.parameters},
                        {"last", numbers(run.last)},
                        {"best", numbers(run.best)}});
    return formatJson({{"kappascope", KAPPASCOPE_VERSION},
                       {"experiment", summary.experiment},
                       {"signature", summary.signature},
                       {"steps", summary.steps},
                       {"seconds", summary.seconds},
                       {"threads", summary.threads},
                       {"runs", std::move(runs)}});
}

} // namespace kappascope
