// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/torch_export.h"

#include "engine/core/embedded.h"
#include "engine/core/error.h"
#include "engine/data/augmentation.h"
#include "engine/data/batch_plan.h"
#include "engine/files/checkpoint.h"
#include "engine/files/experiment_json.h"
#include "engine/files/whole_file.h"

namespace kappascope {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t mostIndices = 1 << 25;   ///< of all mini-batches: 256 MiB
constexpr std::int64_t mostAugmented = 1 << 30; ///< bytes of augmented mini-batches

/// [features], or [channels, height, width]: a sample is a column of Features, so the bytes lie alike.
std::vector<std::int64_t> shapeOfSample(const Dataset& data) {
    if (!data.image) return {data.features()};
    return {data.image->channels, data.image->height, data.image->width};
}

/// A tensor of samples: `leading` sizes, then those of a sample.
template<class S>
Tensor samplesTensor(const std::string& name, std::vector<std::int64_t> leading, const Dataset& data,
                     const Matrix<S>& x) {
    for (const std::int64_t size : shapeOfSample(data))
        leading.push_back(size);
    return Tensor::of<S>(name, std::move(leading), {x.data(), static_cast<std::size_t>(x.size())});
}

/// All inputs: [N, ...].
template<class S>
Tensor inputs(const std::string& name, const Dataset& data) {
    Matrix<S> x(data.features(), data.samples());
    data.x.copy<S>(0, x);
    return samplesTensor<S>(name, {data.samples()}, data, x);
}

/// Classes [N], or numbers [N, targets].
template<class S>
Tensor targets(const std::string& name, const Dataset& data) {
    if (data.task == Task::Classification) {
        const std::vector<std::int64_t> labels(data.labels.begin(), data.labels.end());
        return Tensor::of<std::int64_t>(name, {data.samples()}, labels);
    }
    const Matrix<S> y = data.y.cast<S>();
    return Tensor::of<S>(name, {data.samples(), y.rows()}, {y.data(), static_cast<std::size_t>(y.size())});
}

template<class S>
TensorFile dataFile(const Split& data) {
    TensorFile file;
    file.tensors = {inputs<S>("train.x", data.train), targets<S>("train.y", data.train)};
    if (data.test.samples() > 0) {
        file.tensors.push_back(inputs<S>("test.x", data.test));
        file.tensors.push_back(targets<S>("test.y", data.test));
    }
    file.metadata["task"] = data.train.task == Task::Classification ? "classification" : "regression";
    file.metadata["classes"] = std::to_string(data.train.classes());
    return file;
}

/// The indices of `steps` mini-batches; those of the whole set, all alike, are written once.
TensorFile batchFile(const Experiment& experiment, int samples, std::int64_t steps) {
    BatchPlan plan(samples, experiment.batchSize, experiment.seed.batches);
    const std::int64_t batch = plan.batchSizeAt(0), rows = plan.fullBatchAt(0) ? 1 : steps;
    if (rows > mostIndices / batch)
        throw InputError("steps",
                         std::to_string(steps) + " mini-batches of " + std::to_string(batch) +
                             " samples are more than " + std::to_string(mostIndices) + " indices to write",
                         "Export at most " + std::to_string(mostIndices / batch) + " steps (--steps).");
    std::vector<std::int64_t> indices;
    indices.reserve(static_cast<std::size_t>(rows * batch));
    for (std::int64_t step = 0; step < rows; ++step)
        for (const int sample : plan.indices(step))
            indices.push_back(sample);
    TensorFile file;
    file.tensors = {Tensor::of<std::int64_t>("indices", {rows, batch}, indices)};
    file.metadata["steps"] = std::to_string(steps);
    return file;
}

/// The inputs of every mini-batch, changed as they were for the runs: [steps, batch, ...].
template<class S>
TensorFile augmentedFile(const Experiment& experiment, const Dataset& train, std::int64_t steps) {
    BatchPlan plan(static_cast<int>(train.samples()), experiment.batchSize, experiment.seed.batches);
    const std::int64_t batch = plan.batchSizeAt(0);
    const std::int64_t most = mostAugmented / (batch * train.features() * static_cast<Index>(sizeof(S)));
    if (steps > most)
        throw InputError("steps",
                         std::to_string(steps) + " augmented mini-batches of " + std::to_string(batch) +
                             " images are more than 1 GiB to write",
                         "Export at most " + std::to_string(most) + " steps (--steps).");
    const Augmentation augmentation(experiment.data.augmentation, train.image.value(),
                                    experiment.seed.augmentation);
    auto workspace = augmentation.workspace();
    Matrix<S> x(train.features(), steps * batch);
    for (std::int64_t step = 0; step < steps; ++step)
        augmentation.gather<S>(train.x, plan.indices(step), step, x.middleCols(step * batch, batch),
                               workspace);
    TensorFile file;
    file.tensors = {samplesTensor<S>("x", {steps, batch}, train, x)};
    return file;
}

void write(const fs::path& file, const TensorFile& content) {
    writeWholeFile(file, safetensorsBytes(content));
}

/// The inputs that train.py cannot make of the indices; none where it can.
std::optional<TensorFile> augmentedFile(const Experiment& experiment, const Dataset& train,
                                        std::int64_t steps) {
    if (!experiment.data.augmentation.any()) return std::nullopt;
    return experiment.precision == Precision::Float32 ? augmentedFile<float>(experiment, train, steps)
                                                      : augmentedFile<double>(experiment, train, steps);
}

} // namespace

void exportTorch(const Experiment& given, const fs::path& folder, std::int64_t steps) {
    Laboratory laboratory(given, {.threads = 1});
    laboratory.wait();
    if (!laboratory.status().ready) throw InputError({}, laboratory.status().failure);
    Experiment experiment = laboratory.experiment(); // identified, with a loss that fits the data
    if (!experiment.model.stacked()) experiment.model.layers = layersOf(experiment.model);
    experiment.model.network.clear(); // the program that reads it knows lists of layers
    const Split& data = *laboratory.data();
    const TensorFile batches = batchFile(experiment, static_cast<int>(data.train.samples()), steps);
    const std::optional<TensorFile> augmented = augmentedFile(experiment, data.train, steps);

    makeFolder(folder / "initial");
    writeWholeFile(folder / "experiment.json", formatExperiment(experiment));
    write(folder / "data.safetensors",
          experiment.precision == Precision::Float32 ? dataFile<float>(data) : dataFile<double>(data));
    write(folder / "batches.safetensors", batches);
    const fs::path augmentedPath = folder / "augmented.safetensors";
    augmented ? write(augmentedPath, *augmented) : void(fs::remove(augmentedPath)); // of an earlier export

    std::vector<std::string> names;
    for (const RunSpec& run : experiment.runs)
        names.push_back(run.name);
    const auto files = fileNames(names);
    for (std::size_t i = 0; i < files.size(); ++i) {
        TensorFile start = checkpoint(laboratory.weights(experiment.runs[i].id), experiment.precision);
        start.metadata["run"] = names[i];
        write(folder / "initial" / (files[i] + ".safetensors"), start);
    }
    writeWholeFile(folder / "train.py", embeddedFile("torch/train.py"));
}

} // namespace kappascope
