// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/training_folder.h"

#include "engine/data/readers/csv_records.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/files/checkpoint.h"
#include "engine/files/experiment_json.h"
#include "engine/files/training_state.h"

#include <algorithm>
#include <charconv>
#include <tuple>

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

} // namespace

ResumedTraining resumedTraining(const fs::path& folder) {
    const fs::path file = folder / stateName, document = folder / "experiment.kappa";
    if (!fs::exists(file) && fs::exists(document)) {
        const std::size_t changes = loadSession(document).changes.size();
        if (changes > 0)
            throw InputError(document.string(),
                             "this session was changed " + std::to_string(changes) +
                                 (changes == 1 ? " time" : " times") +
                                 " in its course, and of such a training no state is kept to go on with",
                             "Train it anew: its changes are made again at their steps, to the same bits.");
    }
    if (!fs::exists(file))
        throw InputError(file.string(), "there is no such file, so there is nothing to go on with",
                         "train --checkpoint-every N --out DIR writes it.");
    ResumedTraining resumed;
    resumed.session = loadSession(document);
    resumed.state =
        std::make_shared<const SavedTraining>(readTrainingState(readSafetensors(file), file.string()));
    const fs::path finished = folder / "history.csv", partial = folder / "history.csv.part";
    resumed.history = readHistory(fs::exists(partial) ? partial : finished, resumed.state->step);
    return resumed;
}

TrainingFolder::TrainingFolder(fs::path folder, const SessionDocument& session)
    : folder_(std::move(folder)), precision_(session.start.precision), resumable_(session.changes.empty()),
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
    if (!resumable_) return;
    history_.flush(); // the state goes on from there
    writeWholeFile(folder_ / stateName, safetensorsBytes(trainingState(laboratory.save(), precision_)));
}

void TrainingFolder::restoreHistory(const Laboratory& laboratory, const std::vector<MeasuredValue>& values) {
    constexpr std::size_t most = 1000; // values of a series between two calls of append()
    const std::vector<RunSpec> runs = laboratory.experiment().runs;
    std::size_t pushed = 0;
    const MeasuredValue* last = nullptr;
    std::ptrdiff_t lastRun = 0;
    for (const MeasuredValue& value : values) {
        const std::ptrdiff_t run = std::ranges::find(runs, value.run, &RunSpec::name) - runs.begin();
        if (run == std::ssize(runs)) continue;
        // What append() writes at once is sorted: keep the order that the values had.
        const bool back =
            last && std::tie(value.step, run, value.key) < std::tie(last->step, lastRun, last->key);
        if (back || pushed++ % most == most - 1) append(laboratory);
        const History::Sample sample{value.step, value.value};
        laboratory.history(runs[static_cast<std::size_t>(run)].id)->push(value.key, {&sample, 1});
        last = &value;
        lastRun = run;
    }
    append(laboratory);
}

void TrainingFolder::finish(const TrainingSummary& summary) {
    history_.finish();
    writeWholeFile(folder_ / "summary.json", formatSummary(summary));
}

} // namespace kappascope
