// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// A picture of bytes: grey (1 channel) or red, green, blue (3).
struct PngImage {
    int channels = 0, height = 0, width = 0;
    std::vector<std::uint8_t> pixels; ///< channels x height x width, row by row
};

inline constexpr int largestPngSide = 4096; ///< pixels; larger ones are refused

/// Reads a PNG file (ISO/IEC 15948): grey, RGB or palette (which becomes RGB), of up to 8 bits a channel (1,
/// 2 and 4 bits are spread over 0 ... 255), interlaced or not; an alpha channel or transparent colour is let
/// go where every pixel is opaque. Gamma and colour profiles are not applied: the bytes are those of the
/// file. Throws InputError naming the file: no PNG, damaged, truncated, 16 bits a channel, transparent, too
/// large.
PngImage readPng(const std::filesystem::path& file);
/// The same from bytes in memory; `place` names them in errors.
PngImage decodePng(std::string_view bytes, const std::string& place);

} // namespace kappascope
