// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/training_folder.h"

#include "engine/data/readers/csv_records.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/files/checkpoint.h"
#include "engine/files/experiment_json.h"
#include "engine/files/training_state.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <span>

namespace kappascope {

namespace fs = std::filesystem;

namespace {

const char* const stateName = "state.safetensors";

template<class T>
std::optional<T> numberIn(std::string_view field) {
    T number{};
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), number);
    if (error != std::errc{} || end != field.data() + field.size() || field.empty()) return std::nullopt;
    return number;
}

/// Rows `run,step,metric,layer,value` of steps before `end`; one that a killed program has left half is none.
std::vector<MeasuredValue> readHistory(const fs::path& file, std::int64_t end) {
    const std::string text = readFileBytes(file);
    CsvRecords records(text, ',', file.string());
    std::vector<MeasuredValue> values;
    while (records.next()) {
        const auto fields = records.fields();
        if (fields.size() != 5) continue;
        const auto step = numberIn<std::int64_t>(fields[1]);
        const auto value = numberIn<double>(fields[4]);
        if (!step || !value || *step >= end) continue;
        MeasuredValue measured{std::string(fields[0]), *step, {std::string(fields[2])}, *value};
        if (!fields[3].empty())
            measured.key.layer = numberIn<int>(fields[3]).value_or(SeriesKey::wholeNetwork);
        values.push_back(std::move(measured));
    }
    return values;
}

const fs::path& made(const fs::path& folder) {
    makeFolder(folder);
    return folder;
}

std::vector<HistoryCsv::Source> sourcesOf(const Laboratory& laboratory) {
    std::vector<HistoryCsv::Source> sources;
    for (const RunSpec& run : laboratory.experiment().runs)
        if (auto history = laboratory.history(run.id))
            sources.push_back({run.id, run.name, std::move(history)});
    return sources;
}

/// The run that was called so as `step` was trained; one that was added later has caught up from step 0. Null
/// for none that was there after the changes that had been `made`.
const RunSpec* runCalled(const SessionDocument& session, std::size_t made, const std::string& name,
                         std::int64_t step) {
    const auto in = [&name](const Experiment& experiment) {
        const auto run = std::ranges::find(experiment.runs, name, &RunSpec::name);
        return run == experiment.runs.end() ? nullptr : &*run;
    };
    const RunSpec* found = in(session.start);
    for (const Change& change : std::span(session.changes).first(made)) {
        if (found && change.step > step) break;
        found = in(change.after);
    }
    return found;
}

} // namespace

ResumedTraining resumedTraining(const fs::path& folder) {
    const fs::path file = folder / stateName, document = folder / "experiment.kappa";
    if (!fs::exists(file))
        throw InputError(file.string(), "there is no such file, so there is nothing to go on with",
                         "train --checkpoint-every N --out DIR writes it.");
    ResumedTraining resumed;
    resumed.session = loadSession(document);
    resumed.state = readTrainingState(readSafetensors(file), file.string(), resumed.session.changes);
    const fs::path finished = folder / "history.csv", partial = folder / "history.csv.part";
    resumed.history = readHistory(fs::exists(partial) ? partial : finished, resumed.state.step);
    return resumed;
}

TrainingFolder::TrainingFolder(fs::path folder, const SessionDocument& session)
    : folder_(std::move(folder)), session_(session), precision_(session.start.precision),
      history_(made(folder_) / "history.csv", precision_) {
    if (session.changes.empty())
        saveExperiment(session.start, folder_ / "experiment.kappa");
    else
        saveSession(session, folder_ / "experiment.kappa");
}

void TrainingFolder::append(const Laboratory& laboratory) {
    history_.append(sourcesOf(laboratory));
}

void TrainingFolder::checkpoint(Laboratory& laboratory, std::size_t changesMade) {
    const Experiment experiment = laboratory.experiment();
    std::vector<std::string> names;
    for (const RunSpec& run : experiment.runs)
        names.push_back(run.name);
    const auto folders =
        fileNames(names, {"experiment.kappa", "history.csv", "history.csv.part", "summary.json", stateName});
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
    history_.flush(); // the state goes on from there
    SavedTraining saved = laboratory.save();
    saved.changes.assign(session_.changes.begin(),
                         session_.changes.begin() + static_cast<std::ptrdiff_t>(changesMade));
    writeWholeFile(folder_ / stateName, safetensorsBytes(trainingState(saved, precision_)));
}

void TrainingFolder::restoreHistory(const Laboratory& laboratory, const std::vector<MeasuredValue>& values,
                                    std::size_t changesMade) {
    std::map<std::pair<decltype(RunSpec::id), SeriesKey>, std::int64_t> last; // steps given to the histories
    for (const MeasuredValue& value : values) {
        const RunSpec* run = runCalled(session_, changesMade, value.run, value.step);
        if (!run) continue; // added after the saved state: it will be added again, and catch up again
        history_.write(value.run, value.step, value.key, value.value);
        const auto history = laboratory.history(run->id);
        if (!history) continue; // the run was removed
        const auto [at, first] = last.try_emplace({run->id, value.key}, value.step);
        if (!first && value.step <= at->second) continue; // of a later run that took over the name
        at->second = value.step;
        const History::Sample sample{value.step, value.value};
        history->push(value.key, {&sample, 1});
    }
    history_.passOver(sourcesOf(laboratory));
}

void TrainingFolder::finish(const TrainingSummary& summary) {
    history_.finish();
    writeWholeFile(folder_ / "summary.json", formatSummary(summary));
}

} // namespace kappascope
