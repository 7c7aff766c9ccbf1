// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/training_folder.h"

#include "engine/files/checkpoint.h"
#include "engine/files/experiment_json.h"

#include <algorithm>

namespace kappascope {

namespace fs = std::filesystem;

namespace {

const fs::path& made(const fs::path& folder) {
    makeFolder(folder);
    return folder;
}

} // namespace

TrainingFolder::TrainingFolder(fs::path folder, const SessionDocument& session)
    : folder_(std::move(folder)), precision_(session.start.precision),
      history_(made(folder_) / "history.csv", precision_) {
    if (session.changes.empty())
        saveExperiment(session.start, folder_ / "experiment.kappa");
    else
        saveSession(session, folder_ / "experiment.kappa");
}

void TrainingFolder::append(const Laboratory& laboratory) {
    std::vector<HistoryCsv::Source> sources;
    for (const RunSpec& run : laboratory.experiment().runs)
        if (auto history = laboratory.history(run.id))
            sources.push_back({run.id, run.name, std::move(history)});
    history_.append(sources);
}

void TrainingFolder::checkpoint(Laboratory& laboratory) {
    const Experiment experiment = laboratory.experiment();
    std::vector<std::string> names;
    for (const RunSpec& run : experiment.runs)
        names.push_back(run.name);
    const auto folders =
        fileNames(names, {"experiment.kappa", "history.csv", "history.csv.part", "summary.json"});
    for (const RunStatus& status : laboratory.status().runs) {
        const auto run = std::ranges::find(experiment.runs, status.id, &RunSpec::id);
        const auto written = checkpoints_.find(status.id);
        if (run == experiment.runs.end()) continue;
        if (written != checkpoints_.end() && written->second == status.step) continue;
        const fs::path folder = folder_ / folders[static_cast<std::size_t>(run - experiment.runs.begin())];
        makeFolder(folder);
        const TensorFile file = kappascope::checkpoint(laboratory.weights(status.id), precision_);
        writeWholeFile(folder / checkpointName(status.step), safetensorsBytes(file));
        checkpoints_[status.id] = status.step;
    }
}

void TrainingFolder::finish(const TrainingSummary& summary) {
    history_.finish();
    writeWholeFile(folder_ / "summary.json", formatSummary(summary));
}

} // namespace kappascope
