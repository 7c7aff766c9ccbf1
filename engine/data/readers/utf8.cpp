// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/readers/utf8.h"

#include <cstddef>

namespace kappascope {

namespace {

unsigned letterAt(std::string_view text, std::size_t i) {
    return static_cast<unsigned char>(text[i]);
}

/// Length of the character that begins at `i`; 0 when it is malformed.
std::size_t characterLength(std::string_view text, std::size_t i) {
    const unsigned first = letterAt(text, i);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || i + length > text.size()) return 0;
    for (std::size_t k = 1; k < length; ++k)
        if ((letterAt(text, i + k) & 0xC0) != 0x80) return 0;
    const unsigned second = letterAt(text, i + 1);
    const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
    const bool surrogate = first == 0xED && second > 0x9F;
    const bool beyondUnicode = first == 0xF4 && second > 0x8F;
    return overlong || surrogate || beyondUnicode ? 0 : length;
}

} // namespace

bool isUtf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = characterLength(text, i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

std::string asUtf8(std::string_view text) {
    if (isUtf8(text)) return std::string(text);
    std::string converted;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const unsigned letter = letterAt(text, i);
        if (letter < 0x80) {
            converted += static_cast<char>(letter);
        } else {
            converted += static_cast<char>(0xC0 | letter >> 6);
            converted += static_cast<char>(0x80 | (letter & 0x3F));
        }
    }
    return converted;
}

} // namespace kappascope
