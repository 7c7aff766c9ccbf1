// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/training_state.h"

#include "engine/core/error.h"

namespace kappascope {

namespace {

const char* const formatKey = "kappascope_state";
const char* const formatText = "1";
/// Of a training that was changed in its course: builds that do not know of that refuse it.
const char* const changedFormatText = "2";

Tensor tensorOf(const std::string& name, const Vector<double>& values, Precision precision) {
    if (precision == Precision::Float32) return Tensor::ofVector<float>(name, values.cast<float>().eval());
    return Tensor::ofVector<double>(name, values);
}

Tensor integer(const std::string& name, std::int64_t value) {
    return Tensor::of<std::int64_t>(name, {1}, std::vector{value});
}

void add(TensorFile& file, const std::string& prefix, const TrainerState<double>& state,
         Precision precision) {
    file.tensors.push_back(integer(prefix + "step", state.step));
    file.tensors.push_back(tensorOf(prefix + "theta", state.theta, precision));
    file.tensors.push_back(tensorOf(prefix + "start", state.start, precision));
    for (const auto& [name, values] : state.tensors)
        file.tensors.push_back(tensorOf(prefix + name, values, precision));
}

/// How a run stands, as numbers.
std::vector<double> numbersOf(const SavedRun& run) {
    std::vector<double> numbers{static_cast<double>(run.state), run.seconds, static_cast<double>(run.reached),
                                static_cast<double>(run.skipUpTo)};
    for (const double number : run.tracker.numbers())
        numbers.push_back(number);
    return numbers;
}

class Reader {
public:
    Reader(const TensorFile& file, const std::string& place) : file_(file), place_(place) {}

    const Tensor& at(const std::string& name, std::initializer_list<TensorType> types) const {
        const Tensor* tensor = file_.find(name);
        if (!tensor || std::ranges::find(types, tensor->type) == types.end())
            throw InputError(place_, "there is no '" + name + "' in it, expected the state of a training",
                             "It is written by train --checkpoint-every.");
        return *tensor;
    }
    std::int64_t integer(const std::string& name) const {
        return one(at(name, {TensorType::I64}).values<std::int64_t>(), name);
    }
    Vector<double> numbers(const Tensor& tensor) const {
        return tensor.type == TensorType::F32 ? Vector<double>(tensor.matrix<float>().cast<double>())
                                              : Vector<double>(tensor.matrix<double>());
    }
    TrainerState<double> trainer(const std::string& prefix) const {
        const auto values = [&](const std::string& name) {
            return numbers(at(name, {TensorType::F32, TensorType::F64}));
        };
        TrainerState<double> state;
        state.step = integer(prefix + "step");
        state.theta = values(prefix + "theta");
        state.start = values(prefix + "start");
        for (const Tensor& tensor : file_.tensors) {
            const bool ours = tensor.name.starts_with(prefix) && tensor.type != TensorType::I64;
            const std::string name = ours ? tensor.name.substr(prefix.size()) : "";
            if (!name.empty() && name != "theta" && name != "start")
                state.tensors.emplace_back(name, numbers(tensor));
        }
        return state;
    }

private:
    std::int64_t one(const std::vector<std::int64_t>& values, const std::string& name) const {
        if (values.size() != 1) throw InputError(place_, "'" + name + "' is no single number");
        return values.front();
    }

    const TensorFile& file_;
    const std::string& place_;
};

SavedRun readRun(const Reader& reader, const TensorFile& file, const std::string& prefix,
                 const std::string& place) {
    SavedRun run;
    const Vector<double> numbers = reader.numbers(reader.at(prefix + "numbers", {TensorType::F64}));
    const Index own = 4;
    if (numbers.size() != own + static_cast<Index>(StopTracker::Numbers{}.size()))
        throw InputError(place, "'" + prefix + "numbers' has another length than this program writes");
    run.state = static_cast<RunState>(static_cast<int>(numbers[0]));
    run.seconds = numbers[1];
    run.reached = static_cast<std::int64_t>(numbers[2]);
    run.skipUpTo = static_cast<std::int64_t>(numbers[3]);
    StopTracker::Numbers tracked{};
    std::copy(numbers.data() + own, numbers.data() + numbers.size(), tracked.begin());
    run.tracker.setNumbers(tracked);
    run.losses = static_cast<std::uint64_t>(reader.integer(prefix + "losses"));
    if (const auto why = file.metadata.find(prefix + "why"); why != file.metadata.end())
        run.why = why->second;
    run.trainer = reader.trainer(prefix + "now.");
    for (int k = 0; file.find(prefix + "kept" + std::to_string(k) + ".step"); ++k)
        run.kept.push_back(reader.trainer(prefix + "kept" + std::to_string(k) + '.'));
    return run;
}

} // namespace

TensorFile trainingState(const SavedTraining& saved, Precision precision) {
    TensorFile file;
    const bool changed = !saved.changes.empty();
    file.metadata[formatKey] = changed ? changedFormatText : formatText;
    file.tensors.push_back(integer("step", saved.step));
    if (changed) file.tensors.push_back(integer("changes", static_cast<std::int64_t>(saved.changes.size())));
    file.tensors.push_back(integer("runs", static_cast<std::int64_t>(saved.runs.size())));
    for (std::size_t i = 0; i < saved.runs.size(); ++i) {
        const SavedRun& run = saved.runs[i];
        const std::string prefix = std::to_string(i) + '.';
        const auto numbers = numbersOf(run);
        file.tensors.push_back(
            Tensor::of<double>(prefix + "numbers", {static_cast<std::int64_t>(numbers.size())}, numbers));
        file.tensors.push_back(integer(prefix + "losses", static_cast<std::int64_t>(run.losses)));
        file.metadata[prefix + "why"] = run.why;
        add(file, prefix + "now.", run.trainer, precision);
        for (std::size_t k = 0; k < run.kept.size(); ++k)
            add(file, prefix + "kept" + std::to_string(k) + '.', run.kept[k], precision);
    }
    return file;
}

SavedTraining readTrainingState(const TensorFile& file, const std::string& place,
                                std::span<const Change> changes) {
    const auto format = file.metadata.find(formatKey);
    const bool changed = format != file.metadata.end() && format->second == changedFormatText;
    if (format == file.metadata.end() || (format->second != formatText && !changed))
        throw InputError(place, "this is no state of a training that this program could go on with",
                         "It is written by train --checkpoint-every.");
    const Reader reader(file, place);
    SavedTraining saved;
    saved.step = reader.integer("step");
    const std::int64_t made = changed ? reader.integer("changes") : 0;
    if (made < 0 || made > std::ssize(changes))
        throw InputError(place, std::to_string(made) + " changes had been made, and the session has " +
                                    std::to_string(changes.size()));
    saved.changes.assign(changes.begin(), changes.begin() + made);
    const std::int64_t runs = reader.integer("runs");
    for (std::int64_t i = 0; i < runs; ++i)
        saved.runs.push_back(readRun(reader, file, std::to_string(i) + '.', place));
    return saved;
}

} // namespace kappascope
