// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/files/safetensors.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"
#include "engine/files/whole_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <set>

namespace kappascope {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t lengthBytes = 8;
constexpr std::uint64_t longestHeader = 100'000'000; ///< the format's own bound
constexpr const char* metadataKey = "__metadata__";

struct TypeInfo {
    TensorType type;
    const char* name;
    std::int64_t width; ///< bytes an element
};
constexpr std::array<TypeInfo, 4> types{{{TensorType::F64, "F64", 8},
                                         {TensorType::F32, "F32", 4},
                                         {TensorType::I64, "I64", 8},
                                         {TensorType::U8, "U8", 1}}};

const TypeInfo& infoOf(TensorType type) {
    return *std::ranges::find(types, type, &TypeInfo::type);
}

/// A tensor as the header announces it.
struct Announced {
    Tensor tensor;
    std::uint64_t begin = 0, end = 0; ///< within the data
};

/// The header's text, within `bytes`. Throws InputError.
std::string_view headerText(std::string_view bytes, const std::string& place) {
    const std::string damaged = "The file is damaged or no safetensors file.";
    if (bytes.size() < lengthBytes)
        throw InputError(place,
                         "the file ends after " + std::to_string(bytes.size()) +
                             " bytes, expected at least 8 for the length of the header",
                         damaged);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), lengthBytes);
    if (length > longestHeader)
        throw InputError(place,
                         "the header claims " + std::to_string(length) + " bytes, expected at most " +
                             std::to_string(longestHeader),
                         damaged);
    if (length > bytes.size() - lengthBytes)
        throw InputError(place,
                         "the header claims " + std::to_string(length) + " bytes, the file has only " +
                             std::to_string(bytes.size() - lengthBytes) + " more",
                         damaged);
    const std::string_view header = bytes.substr(lengthBytes, length);
    if (header.empty() || header.front() != '{')
        throw InputError(place, "the header does not begin with '{'", damaged);
    return header;
}

/// The header as JSON, which must not give one object the same key twice (a parser would keep the last).
Json parseHeader(std::string_view text, const std::string& place) {
    std::vector<std::set<std::string>> seen;
    const auto noteKeys = [&](int depth, Json::parse_event_t event, Json& value) {
        const auto level = static_cast<std::size_t>(depth);
        if (event == Json::parse_event_t::object_start) {
            seen.resize(std::max(seen.size(), level + 2));
            seen[level + 1].clear();
        }
        if (event == Json::parse_event_t::key && !seen[level].insert(value.get<std::string>()).second)
            throw InputError(place, "the header has '" + value.get<std::string>() + "' twice",
                             "Each tensor needs a name of its own.");
        return true;
    };
    try {
        return Json::parse(text, noteKeys);
    } catch (const Json::parse_error& error) {
        throw InputError(place,
                         "the header is no valid JSON at byte " + std::to_string(error.byte + lengthBytes) +
                             " of the file",
                         "The file is damaged or no safetensors file.");
    }
}

std::map<std::string, std::string> parseMetadata(const Json& json, const std::string& place) {
    if (!json.is_object()) throw InputError(place, "'__metadata__' is no object of texts");
    std::map<std::string, std::string> metadata;
    for (const auto& [key, value] : json.items()) {
        if (!value.is_string()) throw InputError(place, "'__metadata__." + key + "' is no text");
        metadata[key] = value.get<std::string>();
    }
    return metadata;
}

TensorType parseType(const Json& json, const std::string& place) {
    const std::string expected = "expected one of F64, F32, I64, U8";
    if (!json.is_string()) throw InputError(place, "'dtype' is no text, " + expected);
    const auto found = std::ranges::find(types, json.get<std::string>(), &TypeInfo::name);
    if (found == types.end())
        throw InputError(place, "dtype '" + json.get<std::string>() + "' is not supported, " + expected,
                         "Convert the tensor to one of these.");
    return found->type;
}

/// The list of whole numbers >= 0 under `key`.
std::vector<std::uint64_t> parseCounts(const Json& entry, const char* key, const std::string& place) {
    const Json& json = entry.at(key);
    const std::string problem = "'" + std::string(key) + "' is no list of whole numbers >= 0";
    if (!json.is_array()) throw InputError(place, problem);
    std::vector<std::uint64_t> counts;
    for (const auto& item : json) {
        if (!item.is_number_unsigned()) throw InputError(place, problem);
        counts.push_back(item.get<std::uint64_t>());
    }
    return counts;
}

/// Bytes that `shape` needs. Throws InputError when that is more than memory could ever hold.
std::uint64_t bytesOf(const std::vector<std::uint64_t>& shape, TensorType type, const std::string& place) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    auto bytes = static_cast<std::uint64_t>(infoOf(type).width);
    for (const std::uint64_t size : shape) {
        if (size > 0 && bytes > most / size) throw InputError(place, "the shape has too many elements");
        bytes *= size;
    }
    return bytes;
}

Announced parseTensor(const std::string& name, const Json& entry, std::uint64_t dataBytes,
                      const std::string& place) {
    const std::vector<std::string> keys{"dtype", "shape", "data_offsets"};
    if (!entry.is_object())
        throw InputError(place, "the entry is no object", "Expected dtype, shape, data_offsets.");
    for (const auto& key : keys)
        if (!entry.contains(key)) throw InputError(place, "'" + key + "' is missing");
    for (const auto& [key, value] : entry.items())
        if (std::ranges::find(keys, key) == keys.end())
            throw InputError(place, "unknown key '" + key + "'", suggestName(key, keys));

    Announced announced;
    announced.tensor.name = name;
    announced.tensor.type = parseType(entry.at("dtype"), place);
    const auto shape = parseCounts(entry, "shape", place);
    const auto offsets = parseCounts(entry, "data_offsets", place);
    if (offsets.size() != 2)
        throw InputError(place,
                         "'data_offsets' has " + std::to_string(offsets.size()) + " numbers, expected 2");
    announced.begin = offsets[0];
    announced.end = offsets[1];
    const std::string range = "[" + std::to_string(offsets[0]) + ", " + std::to_string(offsets[1]) + "]";
    if (announced.begin > announced.end)
        throw InputError(place, "'data_offsets' " + range + " end before they begin");
    if (announced.end > dataBytes)
        throw InputError(place,
                         "'data_offsets' " + range + " reach beyond the " + std::to_string(dataBytes) +
                             " bytes of data",
                         "The file is truncated or damaged.");
    const std::uint64_t needed = bytesOf(shape, announced.tensor.type, place);
    if (needed != announced.end - announced.begin)
        throw InputError(place, "'data_offsets' " + range + " hold " +
                                    std::to_string(announced.end - announced.begin) +
                                    " bytes, the shape needs " + std::to_string(needed));
    announced.tensor.shape.assign(shape.begin(), shape.end());
    return announced;
}

/// The tensors must cover the data without overlap and without holes.
void checkCover(const std::vector<Announced>& sorted, std::uint64_t dataBytes, const std::string& place) {
    std::uint64_t reached = 0;
    for (const auto& [tensor, begin, end] : sorted) {
        const std::string tensorPlace = place + ", tensor '" + tensor.name + "'";
        if (begin < reached) throw InputError(tensorPlace, "its bytes overlap those of another tensor");
        if (begin > reached)
            throw InputError(tensorPlace,
                             std::to_string(begin - reached) + " bytes in front of it belong to no tensor");
        reached = end;
    }
    if (reached != dataBytes)
        throw InputError(place, std::to_string(dataBytes - reached) + " bytes at the end belong to no tensor",
                         "The file is damaged.");
}

} // namespace

TensorFile parseSafetensors(std::string_view bytes, const std::string& place) {
    const std::string_view text = headerText(bytes, place);
    const std::string_view data = bytes.substr(lengthBytes + text.size());
    const Json header = parseHeader(text, place);

    TensorFile content;
    std::vector<Announced> announced;
    for (const auto& [name, entry] : header.items()) {
        if (name == metadataKey)
            content.metadata = parseMetadata(entry, place);
        else
            announced.push_back(parseTensor(name, entry, data.size(), place + ", tensor '" + name + "'"));
    }
    std::ranges::stable_sort(announced, {}, [](const Announced& a) { return std::pair(a.begin, a.end); });
    checkCover(announced, data.size(), place);
    for (auto& [tensor, begin, end] : announced) {
        const auto* first = reinterpret_cast<const std::byte*>(data.data()) + begin;
        tensor.bytes.assign(first, first + (end - begin));
        content.tensors.push_back(std::move(tensor));
    }
    return content;
}

TensorFile readSafetensors(const std::filesystem::path& file) {
    return parseSafetensors(readFileBytes(file), file.string());
}

std::string safetensorsBytes(const TensorFile& content) {
    std::vector<const Tensor*> order;
    for (const auto& tensor : content.tensors)
        order.push_back(&tensor);
    std::ranges::stable_sort(order, std::ranges::greater{},
                             [](const Tensor* tensor) { return infoOf(tensor->type).width; });

    Json header = Json::object();
    if (!content.metadata.empty()) header[metadataKey] = content.metadata;
    std::uint64_t offset = 0;
    for (const Tensor* tensor : order) {
        const std::uint64_t end = offset + tensor->bytes.size();
        header[tensor->name] = {
            {"dtype", infoOf(tensor->type).name}, {"shape", tensor->shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + lengthBytes - 1) / lengthBytes * lengthBytes, ' '); // aligns the data

    const std::uint64_t length = text.size();
    std::string bytes(lengthBytes, '\0');
    std::memcpy(bytes.data(), &length, lengthBytes);
    bytes.reserve(lengthBytes + length + offset);
    bytes += text;
    for (const Tensor* tensor : order)
        bytes.append(reinterpret_cast<const char*>(tensor->bytes.data()), tensor->bytes.size());
    return bytes;
}

void writeSafetensors(const std::filesystem::path& file, const TensorFile& content) {
    writeWholeFile(file, safetensorsBytes(content));
}

} // namespace kappascope
