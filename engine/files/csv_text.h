// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace kappascope {

/// `value` with `digits` significant digits; "nan", "inf", "-inf". The same in every locale.
std::string formatNumber(double value, int digits);

/// `text` as a CSV field (RFC 4180): quoted where it holds a comma, a quote or an end of line.
std::string csvField(const std::string& text);

} // namespace kappascope
