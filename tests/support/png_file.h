// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <zlib.h>

#include <cstdint>
#include <string>

namespace kappascope::test {

/// What a PNG file is made of (ISO/IEC 15948), written without the library that reads it.
struct PngFile {
    enum Colour { Grey = 0, Rgb = 2, Palette = 3, GreyAlpha = 4, Rgba = 6 };
    int width = 1, height = 1;
    Colour colour = Grey;
    std::string rows; ///< the scan lines, each `rows.size() / height` bytes, unfiltered
    int depth = 8;
    std::string palette = {}, transparency = {};

    std::string bytes() const {
        std::string lines; // each behind its filter, none
        const std::size_t line = height > 0 ? rows.size() / static_cast<std::size_t>(height) : 0;
        for (std::size_t at = 0; line > 0 && at < rows.size(); at += line)
            lines += '\0' + rows.substr(at, line);
        std::string file = "\x89PNG\r\n\x1a\n";
        file += chunk("IHDR", number(width) + number(height) + static_cast<char>(depth) +
                                  static_cast<char>(colour) + std::string(3, '\0'));
        if (!palette.empty()) file += chunk("PLTE", palette);
        if (!transparency.empty()) file += chunk("tRNS", transparency);
        return file + chunk("IDAT", packed(lines)) + chunk("IEND", {});
    }

private:
    static std::string number(std::int64_t value) {
        std::string bytes;
        for (const int shift : {24, 16, 8, 0})
            bytes += static_cast<char>(value >> shift & 255);
        return bytes;
    }
    static std::string chunk(const std::string& kind, const std::string& data) {
        const std::string sealed = kind + data;
        const auto sum =
            crc32(0, reinterpret_cast<const Bytef*>(sealed.data()), static_cast<uInt>(sealed.size()));
        return number(static_cast<std::int64_t>(data.size())) + sealed +
               number(static_cast<std::int64_t>(sum));
    }
    static std::string packed(const std::string& lines) {
        uLongf size = compressBound(lines.size());
        std::string out(size, '\0');
        compress(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(lines.data()),
                 lines.size());
        out.resize(size);
        return out;
    }
};

/// A picture all of one grey.
inline std::string greyPng(int width, int height, int value) {
    return PngFile{width, height, PngFile::Grey,
                   std::string(static_cast<std::size_t>(width) * static_cast<std::size_t>(height),
                               static_cast<char>(value))}
        .bytes();
}

} // namespace kappascope::test
