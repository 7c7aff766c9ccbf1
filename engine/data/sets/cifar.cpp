// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/cifar.h"

#include "engine/data/readers/file_bytes.h"

#include <algorithm>

namespace kappascope::data_sets {

namespace {

namespace fs = std::filesystem;

constexpr ImageShape shape{3, 32, 32};
constexpr std::size_t pixels = 3 * 32 * 32;

/// The files of one part, or those of both.
struct Files {
    std::vector<fs::path> train;
    std::optional<fs::path> test;
};

bool isThere(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

Files filesIn(const CifarFormat& format, fs::path folder) {
    if (!packedOrNot(folder / format.trainFiles.front()) && isThere(folder / format.innerFolder))
        folder /= format.innerFolder;
    Files files;
    for (const std::string& name : format.trainFiles)
        if (const auto file = packedOrNot(folder / name)) files.train.push_back(*file);
    if (files.train.empty())
        throw InputError(folder.string(),
                         "no training images here, expected '" + format.trainFiles.front() + "'",
                         "Give the folder of the binary version of " + format.title + ", unpacked.");
    if (files.train.size() < format.trainFiles.size())
        throw InputError(folder.string(),
                         std::to_string(files.train.size()) + " of the " +
                             std::to_string(format.trainFiles.size()) + " files of training images",
                         "Unpack the archive again, or give one file instead of the folder.");
    files.test = packedOrNot(folder / format.testFile);
    return files;
}

Files filesAt(const CifarFormat& format, const fs::path& path) {
    std::error_code ignored;
    if (!isThere(path)) throw InputError(path.string(), "there is no such file or folder", "Check the path.");
    if (fs::is_directory(path, ignored)) return filesIn(format, path);
    const std::string name = path.filename().string();
    if (name.ends_with(".tar.gz") || name.ends_with(".tgz") || name.ends_with(".tar"))
        throw InputError(path.string(), "this is an archive, expected its files",
                         "Unpack it (tar xf) and give the folder.");
    if (name.starts_with(format.testFile)) return {{path}, std::nullopt};
    return {{path}, packedOrNot(path.parent_path() / format.testFile)};
}

/// How many whole records the file is.
std::size_t recordsOf(const CifarFormat& format, const OpenFile& file, const fs::path& path) {
    const std::size_t record = format.labels + pixels, size = file.bytes.size();
    if (size > 0 && size % record == 0) return size / record;
    const std::size_t other = format.labels == 1 ? 2 + pixels : 1 + pixels;
    const std::string advice =
        size > 0 && size % other == 0
            ? "These are records of " + std::string(format.labels == 1 ? "CIFAR-100" : "CIFAR-10") +
                  ": choose that data set."
            : "The file is truncated or no file of " + format.title + "; fetch it again.";
    throw InputError(path.string(),
                     std::to_string(size) + " bytes, expected a multiple of " + std::to_string(record) +
                         " (" + (format.labels == 1 ? "a label" : "two labels") + " and 3 x 32 x 32 pixels)",
                     advice);
}

void appendLabels(const CifarFormat& format, const OpenFile& file, std::size_t count, const fs::path& path,
                  std::vector<int>& labels) {
    const std::size_t record = format.labels + pixels;
    for (std::size_t n = 0; n < count; ++n) {
        const std::size_t at = n * record + format.label;
        const int label = static_cast<unsigned char>(file.bytes[at]);
        if (label >= format.classes)
            throw InputError(path.string() + ", image " + std::to_string(n + 1) + " (byte " +
                                 std::to_string(at) + ")",
                             "the label is " + std::to_string(label) + ", expected 0 to " +
                                 std::to_string(format.classes - 1),
                             "The file is damaged or no file of " + format.title + "; fetch it again.");
        labels.push_back(label);
    }
}

/// Lines that are not empty; Windows' line ends count as one.
std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string line = text.substr(begin, end - begin);
        if (line.ends_with('\r')) line.pop_back();
        if (!line.empty()) lines.push_back(std::move(line));
        begin = end + 1;
    }
    return lines;
}

std::vector<std::string> classNames(const CifarFormat& format, const fs::path& folder) {
    const fs::path file = folder / format.namesFile;
    std::vector<std::string> names = format.standardNames;
    if (isThere(file)) {
        names = linesOf(readFileBytes(file));
        if (static_cast<int>(names.size()) != format.classes)
            throw InputError(file.string(),
                             std::to_string(names.size()) + " names of classes, expected " +
                                 std::to_string(format.classes) + ", one a line",
                             "Take the file away to do without names.");
    }
    for (int label = static_cast<int>(names.size()); label < format.classes; ++label)
        names.push_back(std::to_string(label));
    return names;
}

Dataset readPart(const CifarFormat& format, const std::vector<fs::path>& files, std::int64_t limit,
                 Storage wanted, const Cancelled* cancelled) {
    const Storage storage = decided(wanted, files);
    const auto most = limit > 0 ? static_cast<std::size_t>(limit) : static_cast<std::size_t>(-1);
    Dataset data;
    data.image = shape;
    data.source = files.size() == 1 ? files.front().string() : files.front().parent_path().string();
    SampleBytes bytes(pixels, storage);
    for (const fs::path& path : files) {
        if (data.labels.size() == most) break;
        const OpenFile file = openFile(path, storage, cancelled);
        const std::size_t count = std::min(recordsOf(format, file, path), most - data.labels.size());
        appendLabels(format, file, count, path, data.labels);
        bytes.add(file, format.labels, format.labels + pixels, count);
    }
    data.x = bytes.take(1.0 / data.white);
    data.classNames = classNames(format, files.front().parent_path());
    return data;
}

} // namespace

RawData loadCifar(const CifarFormat& format, const fs::path& path, std::int64_t limit, Storage storage,
                  const Cancelled* cancelled) {
    const Files files = filesAt(format, path);
    RawData raw{readPart(format, files.train, limit, storage, cancelled), std::nullopt};
    if (files.test) raw.test = readPart(format, {*files.test}, 0, storage, cancelled);
    return raw;
}

} // namespace kappascope::data_sets
