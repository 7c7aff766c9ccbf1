// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/training_store.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/files/json.h"
#include "engine/files/whole_file.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>

namespace kappascope {

namespace {

/// JSON knows no infinite numbers, and those of runs that have diverged are none.
Json listOf(const std::vector<double>& numbers) {
    Json list = Json::array();
    for (const double number : numbers)
        list.push_back(std::isfinite(number) ? Json(number)
                       : std::isnan(number)  ? Json("nan")
                                             : Json(number > 0 ? "inf" : "-inf"));
    return list;
}

std::vector<double> numbersOf(const Json& list) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<double> numbers;
    for (const Json& item : list)
        numbers.push_back(!item.is_string() ? item.get<double>()
                          : item == "nan"   ? std::nan("")
                                            : (item == "inf" ? infinity : -infinity));
    return numbers;
}

Json written(const TrainedRun& run) {
    return {{"diverged", run.diverged},
            {"why", run.why},
            {"steps", run.steps},
            {"train_loss", listOf(run.trainLoss)},
            {"test_accuracy", listOf(run.testAccuracy)},
            {"guessing", run.guessing}};
}

TrainedRun readRun(const Json& json) {
    TrainedRun run;
    run.diverged = json.at("diverged").get<bool>();
    run.why = json.at("why").get<std::string>();
    run.steps = json.at("steps").get<std::vector<std::int64_t>>();
    run.trainLoss = numbersOf(json.at("train_loss"));
    run.testAccuracy = numbersOf(json.at("test_accuracy"));
    run.guessing = json.at("guessing").get<double>();
    return run;
}

} // namespace

TrainingStore::TrainingStore(std::filesystem::path file, std::string program, std::string images)
    : file_(std::move(file)), program_(std::move(program)), images_(std::move(images)) {
    if (!std::filesystem::exists(file_)) return;
    std::istringstream lines(readFileBytes(file_));
    for (std::string line; std::getline(lines, line);) {
        const Json json = Json::parse(line, nullptr, false);
        try {
            if (json.at("program") != program_) {
                ofOthers_.push_back(line + '\n');
                continue;
            }
            Kept kept;
            for (const Json& run : json.at("runs"))
                kept.runs.push_back(readRun(run));
            kept.processorSeconds = json.at("processor_seconds").get<double>();
            kept_[json.at("training").get<std::string>()] = std::move(kept);
        } catch (const Json::exception&) { // cut off
        }
    }
}

const TrainingStore::Kept* TrainingStore::find(const std::string& training) {
    const auto found = kept_.find(keyOf(training));
    if (found == kept_.end()) return nullptr;
    used_.insert(found->first);
    return &found->second;
}

void TrainingStore::keep(const std::string& training, Kept kept) {
    if (file_.has_parent_path()) makeFolder(file_.parent_path());
    const std::string key = keyOf(training);
    std::ofstream stream(file_, std::ios::app | std::ios::binary);
    stream << (appended_ ? "" : "\n") << line(key, kept) << std::flush;
    if (!stream) throw InputError(file_.string(), "cannot be written");
    appended_ = true;
    kept_[key] = std::move(kept);
    used_.insert(key);
}

std::string TrainingStore::line(const std::string& key, const Kept& kept) const {
    Json runs = Json::array();
    for (const TrainedRun& run : kept.runs)
        runs.push_back(written(run));
    return Json{{"program", program_},
                {"training", key},
                {"processor_seconds", kept.processorSeconds},
                {"runs", std::move(runs)}}
               .dump() +
           '\n';
}

void TrainingStore::removeUsed() {
    for (const std::string& key : used_)
        kept_.erase(key);
    used_.clear();
    if (kept_.empty() && ofOthers_.empty()) {
        std::error_code ignored; // nobody misses it
        std::filesystem::remove(file_, ignored);
        return;
    }
    std::string others;
    for (const std::string& line : ofOthers_)
        others += line;
    for (const auto& [key, kept] : kept_)
        others += line(key, kept);
    writeWholeFile(file_, others);
    appended_ = true;
}

} // namespace kappascope
