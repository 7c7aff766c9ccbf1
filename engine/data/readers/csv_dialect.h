// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/readers/csv_records.h"

#include <array>
#include <string_view>

namespace kappascope {

/// What may stand between the columns of a table. A blank: any run of blanks and tabs.
inline constexpr std::array<char, 6> csvSeparators{'\t', ';', '|', ',', ' ', ':'};

/// The separator that cuts the first lines into the most regular table of at least two columns, with numbers
/// in as many of its fields as may be ("1,5|2,5" is two numbers, not three fields); a comma when none does.
/// Where two are as good, the one that stands first in csvSeparators.
char detectSeparator(std::string_view text);

/// Whether the first record names the columns: it holds no number, and some column below it does.
bool detectHeader(std::string_view text, char separator);

/// A comma when the first lines hold numbers with one and none with a point. Between commas only what is
/// told.
DecimalSign detectDecimalSign(std::string_view text, char separator);

} // namespace kappascope
