// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace kappascope {

/// Whether `text` is well-formed UTF-8 (Unicode 15, table 3-7).
bool isUtf8(std::string_view text);

/// `text` if it is UTF-8, else its bytes taken as Latin-1: what reaches labels and JSON is always UTF-8.
std::string asUtf8(std::string_view text);

} // namespace kappascope
