// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/value_range.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double air = 0.05;          ///< share of the span, above and below
constexpr double shrinkBelow = 0.7;   ///< shrink when the data need less than this share of the axis
constexpr double farOut = 100;        ///< times the span of the middle 90 %: on a linear axis an outlier
constexpr double farOutDecades = 12;  ///< and three times that span: on a logarithmic one
constexpr std::size_t sampled = 2000; ///< values that the quantiles are taken from

struct Span {
    double low = 0, high = 0;
};

/// Axis coordinates (decades on a logarithmic axis) of all that is visible.
void collect(const std::vector<QPointF>& points, double from, double to, bool logarithmic,
             std::vector<double>& values) {
    for (const QPointF& point : points) {
        if (!(point.x() >= from && point.x() <= to) || !std::isfinite(point.y())) continue;
        if (!logarithmic)
            values.push_back(point.y());
        else if (point.y() > 0)
            values.push_back(std::log10(point.y()));
    }
}

/// Without what lies so far out that the rest could not be read.
Span trimmed(const std::vector<double>& values, bool logarithmic) {
    const auto [low, high] = std::ranges::minmax(values);
    std::vector<double> sample;
    const std::size_t stride = values.size() / sampled + 1;
    for (std::size_t i = 0; i < values.size(); i += stride)
        sample.push_back(values[i]);
    const auto quantile = [&](double share) {
        const auto at = sample.begin() + std::ptrdiff_t(share * double(sample.size() - 1));
        std::ranges::nth_element(sample, at);
        return *at;
    };
    const double q05 = quantile(0.05), q95 = quantile(0.95), middle = q95 - q05;
    if (middle <= 0) return {low, high};
    const double reach = logarithmic ? std::max(3 * middle, farOutDecades) : farOut * middle;
    Span span{high, low};
    for (const double value : values)
        if (value >= q05 - reach && value <= q95 + reach)
            span = {std::min(span.low, value), std::max(span.high, value)};
    return span;
}

Span withAir(Span span, bool logarithmic) {
    const double width = span.high - span.low;
    double margin = air * width;
    if (logarithmic)
        margin = std::max(margin, width < 0.2 ? 0.1 : 0.05);
    else if (width <= 1e-12 * std::max(std::abs(span.low), std::abs(span.high)))
        margin = span.low == 0 ? 1 : 0.1 * std::abs(span.low);
    return {span.low - margin, span.high + margin};
}

} // namespace

void ValueRange::follow(const std::vector<Curve>& curves, double from, double to, bool logarithmic) {
    std::vector<double> values;
    for (const Curve& curve : curves) {
        if (curve.theory) continue;
        collect(curve.raw, from, to, logarithmic, values);
        collect(curve.smooth, from, to, logarithmic, values);
        collect(curve.low, from, to, logarithmic, values);
        collect(curve.high, from, to, logarithmic, values);
    }
    if (logarithmic != logarithmic_) fresh_ = true;
    logarithmic_ = logarithmic;
    if (values.empty()) {
        if (fresh_) low_ = logarithmic ? 0.1 : 0, high_ = 1;
        return;
    }
    const Span data = trimmed(values, logarithmic);
    const Span wanted = withAir(data, logarithmic);
    Span shown{logarithmic ? std::log10(low_) : low_, logarithmic ? std::log10(high_) : high_};
    const bool outgrown = data.low < shown.low || data.high > shown.high;
    const bool loose = wanted.high - wanted.low < shrinkBelow * (shown.high - shown.low);
    if (fresh_ || loose)
        shown = wanted;
    else if (outgrown)
        shown = {data.low < shown.low ? wanted.low : shown.low,
                 data.high > shown.high ? wanted.high : shown.high};
    fresh_ = false;
    // Doubles end at 1e308: an axis cannot be wider.
    low_ = logarithmic ? std::pow(10, std::max(shown.low, -300.0)) : std::max(shown.low, -1e300);
    high_ = logarithmic ? std::pow(10, std::min(shown.high, 300.0)) : std::min(shown.high, 1e300);
}

} // namespace kappascope::ui
