// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/figure_scale.h"

#include "engine/laboratory/number_text.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

constexpr double room = 0.04; // of the range, at either end
constexpr int mostTicks = 6;

std::string labelOf(double value) {
    constexpr double large = 1e3;
    if (std::abs(value) >= large && value == std::round(value) && std::abs(value) < 1e7)
        return groupedText(static_cast<std::int64_t>(value));
    return numberText(value);
}

/// "10⁻³": a power of ten.
std::string powerLabel(int exponent) {
    if (exponent >= -3 && exponent <= 4) return labelOf(std::pow(10.0, exponent));
    static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    std::string label = exponent < 0 ? "10⁻" : "10";
    for (const char c : std::to_string(std::abs(exponent)))
        label += digits[c - '0'];
    return label;
}

/// 1, 2 or 5 times a power of ten, so that a range holds a few.
double niceStep(double range) {
    const double rough = range / mostTicks;
    const double power = std::pow(10, std::floor(std::log10(rough)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= rough) return factor * power;
    return 10 * power;
}

} // namespace

FigureScale::FigureScale(const FigureAxis& axis, std::span<const double> values)
    : logarithmic_(axis.logarithmic), low_(0), high_(1) {
    if (!axis.categories.empty()) {
        logarithmic_ = false;
        markCategories(axis.categories);
        return;
    }
    bool first = true;
    for (const double value : values) {
        if (!std::isfinite(value) || (logarithmic_ && value <= 0)) continue;
        const double at = mapped(value);
        low_ = first ? at : std::min(low_, at);
        high_ = first ? at : std::max(high_, at);
        first = false;
    }
    const double width = std::max(high_ - low_, logarithmic_ ? 0.5 : std::max(std::abs(high_), 1.0) * 1e-3);
    const double middle = (low_ + high_) / 2;
    low_ = middle - width * (0.5 + room);
    high_ = middle + width * (0.5 + room);
    if (logarithmic_)
        markDecades();
    else
        markLinear();
}

bool FigureScale::shows(double value) const {
    return std::isfinite(value) && (!logarithmic_ || value > 0);
}

double FigureScale::mapped(double value) const {
    return logarithmic_ ? std::log10(value) : value;
}

double FigureScale::place(double value) const {
    return (mapped(value) - low_) / (high_ - low_);
}

void FigureScale::markLinear() {
    const double step = niceStep(high_ - low_);
    for (double k = std::ceil(low_ / step); k * step <= high_; ++k)
        ticks_.push_back({k * step, labelOf(k * step)});
}

void FigureScale::markDecades() {
    const int from = static_cast<int>(std::ceil(low_)), to = static_cast<int>(std::floor(high_));
    const int every = std::max(1, (to - from) / mostTicks + 1);
    for (int exponent = from; exponent <= to; ++exponent)
        if (exponent % every == 0) ticks_.push_back({std::pow(10.0, exponent), powerLabel(exponent)});
    if (ticks_.size() >= 2) return;
    // Less than two decades: 1, 2, 5 of each.
    ticks_.clear();
    for (int exponent = from - 1; exponent <= to + 1; ++exponent)
        for (const double factor : {1.0, 2.0, 5.0})
            if (const double value = factor * std::pow(10.0, exponent);
                mapped(value) >= low_ && mapped(value) <= high_)
                ticks_.push_back({value, numberText(value)});
}

void FigureScale::markCategories(const std::vector<std::string>& names) {
    low_ = -0.5;
    high_ = static_cast<double>(names.size()) - 0.5;
    for (std::size_t i = 0; i < names.size(); ++i)
        ticks_.push_back({static_cast<double>(i), names[i]});
}

} // namespace kappascope
