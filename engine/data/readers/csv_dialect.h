// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace kappascope {

/// The separator that cuts the first lines into the most regular table of at least two columns; a comma when
/// none does. Where two are as good (decimal commas between semicolons), tab goes before semicolon, comma,
/// blank.
char detectSeparator(std::string_view text);

/// Whether the first record names the columns: it holds no number, and some column below it does.
bool detectHeader(std::string_view text, char separator);

} // namespace kappascope
