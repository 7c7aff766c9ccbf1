// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/study_text.h"

#include "engine/laboratory/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace kappascope {

namespace {

std::string fixedText(double value, int decimals) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, decimals).ptr;
    return {text, end};
}

/// "1.3e+06" -> "1.3e6".
std::string shortExponent(std::string text) {
    const auto e = text.find('e');
    if (e == std::string::npos) return text;
    std::string exponent = text.substr(e + 1);
    const bool negative = exponent.front() == '-';
    exponent.erase(0, exponent.find_first_not_of("+-0"));
    return text.substr(0, e) + (negative ? "e-" : "e") + exponent;
}

} // namespace

std::string spreadText(const Spread& spread) {
    const double size = std::max(std::abs(spread.mean), spread.deviation);
    if (!(size > 0) || !std::isfinite(size)) return numberText(spread.mean);
    const int decimals = std::clamp(2 - static_cast<int>(std::floor(std::log10(size))), 0, 12);
    return fixedText(spread.mean, decimals) + " ± " + fixedText(spread.deviation, decimals);
}

std::string percentText(const Spread& spread) {
    return fixedText(100 * spread.mean, 2) + " ± " + fixedText(100 * spread.deviation, 2);
}

std::string pointsText(const Interval& difference) {
    const auto signedText = [](double share) {
        return (share < 0 ? "−" : "+") + fixedText(std::abs(100 * share), 2);
    };
    return signedText(difference.middle) + " points (" + signedText(difference.low()) + " to " +
           signedText(difference.high()) + ")";
}

std::string kappaText(double kappa) {
    constexpr double large = 1000;
    char text[32];
    const auto end =
        std::to_chars(text, text + sizeof text, kappa, std::chars_format::general, kappa < large ? 3 : 2).ptr;
    return shortExponent({text, end});
}

} // namespace kappascope
