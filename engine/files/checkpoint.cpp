// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/checkpoint.h"

#include <cctype>
#include <cstdio>
#include <set>

namespace kappascope {

namespace {

std::string lowered(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// `name` without what Linux, macOS or Windows refuse in a file's name. Letters beyond ASCII stay.
std::string sanitized(const std::string& name) {
    std::string safe;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool bad =
            byte < 0x20 || byte == 0x7f || std::string_view("/\\:*?\"<>|").find(c) != std::string::npos;
        safe += bad ? '_' : c;
    }
    if (safe.empty() || safe.front() == '.') safe.insert(safe.begin(), '_');
    if (safe.back() == '.' || safe.back() == ' ') safe += '_';
    constexpr std::size_t longest = 100;
    while (safe.size() > longest) { // letter by letter; one may have several bytes
        while ((static_cast<unsigned char>(safe.back()) & 0xC0) == 0x80)
            safe.pop_back();
        safe.pop_back();
    }
    return safe;
}

} // namespace

TensorFile checkpoint(const std::vector<Laboratory::NamedTensor>& weights, Precision precision) {
    TensorFile file;
    for (const auto& tensor : weights) {
        const std::vector<std::int64_t> shape(tensor.shape.begin(), tensor.shape.end());
        if (precision == Precision::Float32) {
            const std::vector<float> values(tensor.values.begin(), tensor.values.end());
            file.tensors.push_back(Tensor::of<float>(tensor.name, shape, values));
        } else {
            file.tensors.push_back(Tensor::of<double>(tensor.name, shape, tensor.values));
        }
    }
    return file;
}

std::string checkpointName(std::int64_t step) {
    char name[48];
    std::snprintf(name, sizeof name, "step-%08lld.safetensors", static_cast<long long>(step));
    return name;
}

std::vector<std::string> fileNames(const std::vector<std::string>& names,
                                   const std::vector<std::string>& reserved) {
    std::set<std::string> taken;
    for (const auto& name : reserved)
        taken.insert(lowered(name));
    std::vector<std::string> files;
    for (const auto& name : names) {
        const std::string safe = sanitized(name);
        std::string file = safe;
        for (int count = 2; !taken.insert(lowered(file)).second; ++count)
            file = safe + '-' + std::to_string(count);
        files.push_back(file);
    }
    return files;
}

} // namespace kappascope
