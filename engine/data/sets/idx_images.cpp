// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/idx_images.h"

#include "engine/data/readers/file_bytes.h"
#include "engine/data/readers/idx.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>

namespace kappascope::data_sets {

namespace {

namespace fs = std::filesystem;

/// One part of a set as its two files.
struct Pair {
    fs::path images, labels;
};

bool mentions(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// `text` with the last `from` replaced; unchanged without one.
std::string replaced(std::string text, std::string_view from, std::string_view to) {
    if (const auto at = text.rfind(from); at != std::string::npos) text.replace(at, from.size(), to);
    return text;
}

std::string labelsName(const std::string& imagesName) {
    std::string name = replaced(imagesName, "images", "labels");
    for (const char* images : {"idx4", "idx3", "idx2"})
        name = replaced(name, images, "idx1");
    return name;
}

Pair pairOf(const fs::path& images) {
    const std::string name = images.filename().string();
    if (!mentions(name, "images"))
        throw InputError(images.string(),
                         "the name has no 'images', so that the labels' file cannot be found",
                         "Name the files like MNIST's: train-images-idx3-ubyte and train-labels-idx1-ubyte.");
    if (const auto labels = packedOrNot(images.parent_path() / labelsName(name))) return {images, *labels};
    throw InputError(images.string(), "the labels are missing, expected '" + labelsName(name) + "' beside it",
                     "Put both files into one folder.");
}

/// The images of the test part beside those of the training part.
std::optional<fs::path> testImages(const fs::path& images) {
    const std::string name = images.filename().string();
    if (!mentions(name, "train")) return std::nullopt;
    for (const char* test : {"t10k", "test"})
        if (const auto found = packedOrNot(images.parent_path() / replaced(name, "train", test)))
            return found;
    return std::nullopt;
}

/// The training images of the only set in `folder`.
fs::path trainingImages(const fs::path& folder) {
    std::vector<std::string> found;
    std::error_code error;
    const fs::directory_iterator files(folder, error);
    if (error) throw InputError(folder.string(), "cannot be read: " + error.message());
    for (const auto& file : files) {
        const std::string name = file.path().filename().string();
        if (mentions(name, "train") && mentions(name, "images") && mentions(name, "idx"))
            found.push_back(name);
    }
    std::ranges::sort(found); // NAME before NAME.gz
    if (found.empty())
        throw InputError(folder.string(),
                         "no training images here, expected a file like 'train-images-idx3-ubyte'",
                         "Give the folder of the IDX files, or the file of the images.");
    const bool samePacked = found.size() == 2 && found[1] == found[0] + ".gz";
    if (found.size() > 1 && !samePacked)
        throw InputError(folder.string(), "more than one set: '" + found[0] + "', '" + found[1] + "'",
                         "Give the file of the images instead of the folder.");
    return folder / found.front();
}

/// Labels are classes as they are numbered in the file until number() has seen all parts.
Dataset readPair(const Pair& pair, std::int64_t limit, Storage wanted, const Cancelled* cancelled) {
    const Storage storage = decided(wanted, {pair.images});
    const OpenFile file = openFile(pair.images, storage, cancelled);
    const IdxHeader images = parseIdxHeader(file.bytes, pair.images.string());
    IdxArray labels = readIdx(pair.labels, cancelled);
    if (images.shape.size() != 2 && images.shape.size() != 3)
        throw InputError(pair.images.string(), std::to_string(images.shape.size()) +
                                                   " dimensions, expected 3 (samples, rows, columns) "
                                                   "or 2 (samples, features)");
    if (labels.shape.size() != 1)
        throw InputError(pair.labels.string(),
                         std::to_string(labels.shape.size()) + " dimensions, expected 1 (samples)");
    if (labels.shape[0] != images.shape[0])
        throw InputError(pair.labels.string(),
                         std::to_string(labels.shape[0]) + " labels for " + std::to_string(images.shape[0]) +
                             " images",
                         "The two files do not belong together.");

    const auto samples = static_cast<std::size_t>(images.shape[0]);
    const std::size_t features = (file.bytes.size() - images.size) / samples;
    const std::size_t used = limit > 0 ? std::min(samples, static_cast<std::size_t>(limit)) : samples;
    labels.bytes.resize(used);

    Dataset data;
    data.name = pair.images.parent_path().filename().string();
    data.source = pair.images.string();
    if (images.shape.size() == 3) data.image = ImageShape{1, images.shape[1], images.shape[2]};
    data.labels.assign(labels.bytes.begin(), labels.bytes.end());
    SampleBytes bytes(features, storage);
    bytes.add(file, images.size, features, used);
    data.x = bytes.take(1.0 / data.white);
    return data;
}

/// Makes classes 0, 1, ... of the labels that occur in any part (EMNIST's letters are 1 to 26).
void numberClasses(const std::vector<Dataset*>& parts) {
    std::array<bool, 256> occurs{};
    for (const Dataset* part : parts)
        for (const int label : part->labels)
            occurs[static_cast<std::size_t>(label)] = true;
    std::array<int, 256> classOf{};
    std::vector<std::string> names;
    for (std::size_t label = 0; label < occurs.size(); ++label)
        if (occurs[label]) {
            classOf[label] = static_cast<int>(names.size());
            names.push_back(std::to_string(label));
        }
    for (Dataset* part : parts) {
        part->classNames = names;
        for (int& label : part->labels)
            label = classOf[static_cast<std::size_t>(label)];
    }
}

} // namespace

RawData loadIdxImages(const fs::path& path, std::int64_t limit, Storage storage, const Cancelled* cancelled) {
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        throw InputError(path.string(), "there is no such file or folder", "Check the path.");
    const fs::path images = fs::is_directory(path, ignored) ? trainingImages(path) : path;
    RawData raw{readPair(pairOf(images), limit, storage, cancelled), std::nullopt};
    std::vector<Dataset*> parts{&raw.samples};
    if (const auto test = testImages(images)) {
        raw.test = readPair(pairOf(*test), 0, storage, cancelled);
        parts.push_back(&*raw.test);
        if (raw.test->features() != raw.samples.features())
            throw InputError(test->string(),
                             "samples of " + std::to_string(raw.test->features()) +
                                 " values, the training part has " + std::to_string(raw.samples.features()),
                             "The two files do not belong together.");
    }
    numberClasses(parts);
    return raw;
}

RawData loadNamedIdx(const DataSpec& spec, const UserFolder& folder, const Cancelled* cancelled) {
    RawData raw = loadIdxImages(folder.pathFor(spec), spec.parameters.integer("limit"),
                                storageOf(spec.parameters), cancelled);
    raw.samples.name = spec.set;
    if (raw.test) raw.test->name = spec.set;
    return raw;
}

std::vector<Parameter> imageParameters() {
    return {Parameter::integer("limit", "Limit", "Uses only the first training samples; 0: all.", 0, 0,
                               100'000'000),
            storageParameter()};
}

} // namespace kappascope::data_sets
