// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curvature/eigenvalue_axis.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

/// Decades from 10^least up to `most`, rounded up; powers of ten stand on the edge.
double decadesUpTo(double most, int least) {
    return most > 0 ? std::max(0.0, std::ceil(std::log10(most) - 1e-9) - least) : 0;
}

} // namespace

void EigenvalueAxis::setSizes(double least, double mostPositive, double mostNegative) {
    least_ = static_cast<int>(std::floor(std::log10(least) + 1e-9));
    positiveDecades_ = decadesUpTo(mostPositive, least_);
    negativeDecades_ = decadesUpTo(mostNegative, least_);
    setPixels(left_, right_, zeroWidth_);
}

void EigenvalueAxis::setPixels(double left, double right, double zeroWidth) {
    left_ = left;
    right_ = right;
    zeroWidth_ = zeroWidth;
    pixelsPerDecade_ =
        std::max(0.0, right - left - zeroWidth) / std::max(1.0, positiveDecades_ + negativeDecades_);
}

double EigenvalueAxis::largest() const {
    return std::pow(10, least_ + std::max(positiveDecades_, negativeDecades_));
}

double EigenvalueAxis::x(double value) const {
    const double decades = std::log10(std::abs(value)) - least_;
    if (value == 0 || !(decades >= 0)) return zeroLeft() + zeroWidth_ / 2;
    return value > 0 ? std::min(zeroRight() + decades * pixelsPerDecade_, right_)
                     : std::max(zeroLeft() - decades * pixelsPerDecade_, left_);
}

double EigenvalueAxis::valueAt(double x) const {
    if (x >= zeroLeft() && x <= zeroRight()) return 0;
    const double decades = (x > zeroRight() ? x - zeroRight() : zeroLeft() - x) / pixelsPerDecade_;
    const double size = std::pow(10, least_ + decades);
    return x > zeroRight() ? size : -size;
}

std::vector<EigenvalueAxis::Tick> EigenvalueAxis::ticks(double distance) const {
    std::vector<Tick> ticks;
    const int stride = std::max(1, static_cast<int>(std::ceil(distance / std::max(pixelsPerDecade_, 1e-6))));
    for (const int sign : {-1, 1}) {
        const auto decades = static_cast<int>(sign < 0 ? negativeDecades_ : positiveDecades_);
        // The least power stands at the edge of the zone of zero, whose own label needs the room.
        for (int k = 1; k <= decades; ++k)
            if ((least_ + k) % stride == 0 && k * pixelsPerDecade_ >= distance / 2)
                ticks.push_back(
                    {sign < 0 ? zeroLeft() - k * pixelsPerDecade_ : zeroRight() + k * pixelsPerDecade_,
                     QStringLiteral("%1%2")
                         .arg(sign < 0 ? QStringLiteral("-1e") : QStringLiteral("1e"))
                         .arg(least_ + k)});
    }
    return ticks;
}

} // namespace kappascope::ui
