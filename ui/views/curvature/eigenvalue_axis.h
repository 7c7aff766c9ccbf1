// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

namespace kappascope::ui {

/// A logarithmic axis for numbers of both signs: from the left the negative ones, large to small, a zone for
/// what counts as zero, and the positive ones, small to large. Both branches have the same pixels a decade;
/// the negative one is there only when it is needed. A value.
class EigenvalueAxis {
public:
    struct Tick {
        double x;
        QString label; ///< "1e-3", "-1e-3"
    };

    /// Sizes from `least` up to `mostPositive` and `mostNegative` (0: no such branch) are shown, decades
    /// rounded outwards; least > 0.
    void setSizes(double least, double mostPositive, double mostNegative);
    /// In pixels; `zeroWidth` of them are the zone of zero.
    void setPixels(double left, double right, double zeroWidth);

    double left() const { return left_; }
    double right() const { return right_; }
    double zeroLeft() const { return left_ + negativeDecades_ * pixelsPerDecade_; }
    double zeroRight() const { return zeroLeft() + zeroWidth_; }
    double pixelsPerDecade() const { return pixelsPerDecade_; }
    int leastExponent() const { return least_; }
    double largest() const;

    /// Within the axis: what is larger stands at its ends, what is smaller in the middle of the zone of zero.
    double x(double value) const;
    /// The value that stands at x; 0 in the zone of zero.
    double valueAt(double x) const;
    /// Powers of ten at least `distance` pixels apart.
    std::vector<Tick> ticks(double distance) const;

private:
    int least_ = -6; ///< exponents of 10
    double positiveDecades_ = 6, negativeDecades_ = 0;
    double left_ = 0, right_ = 100, zeroWidth_ = 0, pixelsPerDecade_ = 1;
};

} // namespace kappascope::ui
