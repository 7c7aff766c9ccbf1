// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace kappascope {

/// Files and unpacked data beyond this are refused: they would not fit into memory as numbers.
constexpr std::uint64_t mostFileBytes = 1ULL << 33;

/// The whole file as it is on the disk. Throws InputError naming it, and WorkCancelled within a mebibyte, as
/// the others do.
std::string readFileBytes(const std::filesystem::path& file, const Cancelled* cancelled = nullptr);

/// The same, unpacked when it is a gzip file (told by its first two bytes, not by its name). Throws
/// InputError for a damaged or truncated one.
std::string readUnpacked(const std::filesystem::path& file, const Cancelled* cancelled = nullptr);

/// `file` as it is named, with .gz, or without it, whichever is there; else nothing.
std::optional<std::filesystem::path> packedOrNot(const std::filesystem::path& file);

/// Whether `bytes` begin like a gzip file.
bool isGzip(std::string_view bytes);

/// gzip data (RFC 1952, one or more members) unpacked; `place` names it in errors. Throws InputError when it
/// is damaged, truncated, or unpacks to more than `most` bytes.
std::string gunzip(std::string_view packed, const std::string& place, std::uint64_t most = mostFileBytes,
                   const Cancelled* cancelled = nullptr);

} // namespace kappascope
