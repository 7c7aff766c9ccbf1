// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/idx_images.h"

#include <cstdlib>

namespace kappascope::data_sets {

namespace {

/// $XDG_DATA_HOME/kappascope/mnist, by default ~/.local/share/kappascope/mnist: where `./dev data mnist`
/// puts the files.
std::filesystem::path userFolder() {
    const char* data = std::getenv("XDG_DATA_HOME");
    if (data && *data) return std::filesystem::path(data) / "kappascope/mnist";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home ? home : "") / ".local/share/kappascope/mnist";
}

RawData load(const DataSpec& spec, RandomStream&, const Cancelled* cancelled) {
    const std::filesystem::path folder = spec.path.empty() ? userFolder() : std::filesystem::path(spec.path);
    std::error_code ignored;
    if (spec.path.empty() && !std::filesystem::is_directory(folder, ignored))
        throw InputError("data.set", "MNIST is not in " + folder.string(),
                         "Run './dev data mnist' to fetch it, or give its folder as data.path.");
    RawData raw = loadIdxImages(folder, spec.parameters.integer("limit"), cancelled);
    raw.samples.name = "mnist";
    if (raw.test) raw.test->name = "mnist";
    return raw;
}

} // namespace

DataEntry mnist() {
    DataEntry entry;
    static_cast<Description&>(entry) = {
        "mnist",
        "MNIST",
        "70,000 handwritten digits of 28 x 28 pixels, values 0 to 1; './dev data mnist' fetches them.",
        "LeCun, Cortes, Burges 1998",
        {limitParameter()}};
    entry.takesPath = true;
    entry.load = load;
    return entry;
}

} // namespace kappascope::data_sets
