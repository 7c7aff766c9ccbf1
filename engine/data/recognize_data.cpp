// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/recognize_data.h"

#include "engine/data/readers/file_bytes.h"

#include <algorithm>
#include <cctype>
#include <fstream>

namespace kappascope {

namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t cifar10Record = 1 + 3072, cifar100Record = 2 + 3072;

std::string lowerName(const fs::path& path) {
    std::string name = path.filename().string();
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string startOf(const fs::path& file) {
    std::string start(8, '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(stream.gcount()));
    return start;
}

/// Empty: not by its name.
std::string cifarByName(const std::string& name) {
    if (name.starts_with("data_batch_") || name.starts_with("test_batch.bin") ||
        contains(name, "cifar-10-") || contains(name, "cifar10"))
        return "cifar10";
    if (name.starts_with("train.bin") || name.starts_with("test.bin") || contains(name, "cifar-100") ||
        contains(name, "cifar100"))
        return "cifar100";
    return {};
}

std::string fileSet(const fs::path& file) {
    const std::string name = lowerName(file), start = startOf(file);
    if (start.starts_with("\x89PNG") || name.ends_with(".png")) return "image_folder";
    if (isGzip(start)) { // what is inside is told by the name
        if (contains(name, "idx") || contains(name, "ubyte")) return "idx";
        return contains(name, ".csv") ? "csv" : cifarByName(name).empty() ? "csv" : cifarByName(name);
    }
    using namespace std::string_view_literals;
    if (start.starts_with("\0\0\x08"sv)) return "idx"; // unsigned bytes
    if (!name.ends_with(".bin")) return "csv";
    if (const std::string named = cifarByName(name); !named.empty()) return named;
    std::error_code error;
    const std::uintmax_t size = fs::file_size(file, error);
    return !error && size % cifar10Record != 0 && size % cifar100Record == 0 ? "cifar100" : "cifar10";
}

std::string folderSet(const fs::path& folder) {
    bool folders = false;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = lowerName(entry.path());
        if (name.starts_with('.')) continue;
        const bool isFolder = entry.is_directory(error);
        if (!isFolder && (contains(name, "idx") || contains(name, "ubyte"))) return "idx";
        const bool ofCifar = isFolder ? contains(name, "cifar-10") : contains(name, ".bin");
        if (ofCifar && !cifarByName(name).empty()) return cifarByName(name);
        folders |= isFolder;
    }
    return folders ? "image_folder" : "idx";
}

} // namespace

std::string recognizeDataSet(const fs::path& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return folderSet(path);
    return fs::is_regular_file(path, error) ? fileSet(path) : "csv";
}

} // namespace kappascope
