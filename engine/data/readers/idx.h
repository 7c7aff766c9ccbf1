// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// An array of unsigned bytes in the IDX format (http://yann.lecun.com/exdb/mnist, "the IDX file format"):
/// two zero bytes, the type 0x08, the number of dimensions, each size as a big-endian 32-bit number, the
/// bytes with the last index running fastest.
struct IdxArray {
    std::vector<int> shape; ///< 1 to 4 sizes; the first counts samples and is at least 1
    std::vector<std::uint8_t> bytes;
};

/// What the header says, and where the bytes begin that follow it: exactly as many as the shape needs. Throws
/// as parseIdx().
struct IdxHeader {
    std::vector<int> shape;
    std::size_t size; ///< of the header, in bytes
};
IdxHeader parseIdxHeader(std::string_view bytes, const std::string& place);

/// Plain or gzip. Throws InputError naming the file: damaged, truncated, too long, another element type.
/// Throws WorkCancelled.
IdxArray readIdx(const std::filesystem::path& file, const Cancelled* cancelled = nullptr);
/// The same from (unpacked) bytes in memory; `place` names them in errors.
IdxArray parseIdx(std::string_view bytes, const std::string& place);

} // namespace kappascope
