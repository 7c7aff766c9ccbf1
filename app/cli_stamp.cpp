// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli_stamp.h"

#include "engine/core/error.h"
#include "engine/core/fnv_hash.h"
#include "engine/data/readers/file_bytes.h"

#include <cstdio>
#include <fstream>

namespace kappascope::cli {

namespace {

std::string hexText(const FnvHash& hash) {
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash.value()));
    return text;
}

std::string programHash() {
    try {
        const std::string bytes = readFileBytes("/proc/self/exe");
        FnvHash hash;
        hash.add(bytes.data(), bytes.size());
        return hexText(hash);
    } catch (const InputError&) { // not on this system
        return {};
    }
}

void addTo(FnvHash& hash, const Dataset& data) {
    Matrix<float> sample(data.features(), 1);
    for (Index k = 0; k < data.samples(); ++k) {
        data.x.copy<float>(k, sample);
        hash.add(sample.data(), static_cast<std::size_t>(sample.size()) * sizeof(float));
    }
    hash.add(data.labels.data(), data.labels.size() * sizeof(int));
}

} // namespace

std::string processorName() {
    std::ifstream info("/proc/cpuinfo");
    const std::string key = "model name";
    for (std::string line; std::getline(info, line);)
        if (line.starts_with(key) && line.find(": ") != std::string::npos)
            return line.substr(line.find(": ") + 2);
    return {};
}

std::string programStamp() {
    return KAPPASCOPE_VERSION "/" + programHash() + '/' + processorName();
}

std::string dataStamp(const Split& data) {
    FnvHash hash;
    addTo(hash, data.train);
    addTo(hash, data.test);
    return hexText(hash);
}

} // namespace kappascope::cli
