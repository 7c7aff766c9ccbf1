// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/idx.h"

#include "engine/core/error.h"
#include "engine/data/readers/file_bytes.h"

#include <limits>

namespace kappascope {

namespace {

constexpr std::size_t magicBytes = 4, sizeBytes = 4;
constexpr int unsignedByte = 0x08, mostDimensions = 4;
const char* const notIdx = "This is no IDX file, or a damaged one.";

int byteAt(std::string_view bytes, std::size_t i) {
    return static_cast<unsigned char>(bytes[i]);
}

std::string typeName(int type) {
    switch (type) {
    case 0x09:
        return "signed bytes";
    case 0x0B:
        return "16-bit numbers";
    case 0x0C:
        return "32-bit numbers";
    case 0x0D:
        return "32-bit floating point";
    case 0x0E:
        return "64-bit floating point";
    default:
        return {};
    }
}

/// The number of dimensions, from the first four bytes.
int parseMagic(std::string_view bytes, const std::string& place) {
    if (bytes.size() < magicBytes)
        throw InputError(place,
                         "the file ends after " + std::to_string(bytes.size()) +
                             " bytes, expected at least 4 for its type",
                         notIdx);
    const int type = byteAt(bytes, 2), dimensions = byteAt(bytes, 3);
    if (byteAt(bytes, 0) != 0 || byteAt(bytes, 1) != 0)
        throw InputError(place, "the first two bytes are not 0", notIdx);
    if (type != unsignedByte && !typeName(type).empty())
        throw InputError(place, "the elements are " + typeName(type) + ", expected unsigned bytes",
                         "Convert them to 0 ... 255.");
    if (type != unsignedByte)
        throw InputError(place,
                         "element type " + std::to_string(type) + " is unknown, expected 8 (unsigned bytes)",
                         notIdx);
    if (dimensions < 1 || dimensions > mostDimensions)
        throw InputError(place, std::to_string(dimensions) + " dimensions, expected 1 to 4", notIdx);
    return dimensions;
}

int parseSize(std::string_view bytes, std::size_t first, const std::string& place) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < sizeBytes; ++i)
        size = size << 8 | static_cast<std::uint32_t>(byteAt(bytes, first + i));
    if (size == 0 || size > static_cast<std::uint32_t>(std::numeric_limits<int>::max()))
        throw InputError(
            place, "a dimension has the size " + std::to_string(size) + ", expected 1 to 2147483647", notIdx);
    return static_cast<int>(size);
}

} // namespace

IdxHeader parseIdxHeader(std::string_view bytes, const std::string& place) {
    const auto dimensions = static_cast<std::size_t>(parseMagic(bytes, place));
    const std::size_t headerBytes = magicBytes + dimensions * sizeBytes;
    if (bytes.size() < headerBytes)
        throw InputError(place,
                         "the file ends after " + std::to_string(bytes.size()) +
                             " bytes, within its header of " + std::to_string(headerBytes),
                         "The file is truncated; fetch it again.");
    IdxHeader header{{}, headerBytes};
    std::uint64_t expected = 1;
    for (std::size_t d = 0; d < dimensions; ++d) {
        header.shape.push_back(parseSize(bytes, magicBytes + d * sizeBytes, place));
        if (expected >
            std::numeric_limits<std::uint64_t>::max() / 2 / static_cast<std::uint64_t>(header.shape[d]))
            throw InputError(place, "the sizes of the dimensions multiply to more than any file holds",
                             notIdx);
        expected *= static_cast<std::uint64_t>(header.shape[d]);
    }
    const std::uint64_t found = bytes.size() - headerBytes;
    if (found != expected)
        throw InputError(place,
                         std::to_string(found) + " bytes of data, expected " + std::to_string(expected) +
                             " by its header",
                         found < expected ? "The file is truncated; fetch it again." : notIdx);
    return header;
}

IdxArray parseIdx(std::string_view bytes, const std::string& place) {
    IdxHeader header = parseIdxHeader(bytes, place);
    bytes.remove_prefix(header.size);
    return {std::move(header.shape), {bytes.begin(), bytes.end()}};
}

IdxArray readIdx(const std::filesystem::path& file, const Cancelled* cancelled) {
    const std::string bytes = readUnpacked(file, cancelled);
    stopIfCancelled(cancelled);
    return parseIdx(bytes, file.string());
}

} // namespace kappascope
