// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace kappascope::ui {

/// From steps to a unit of the x axis and back: linear between knots, and beyond the last one as it went
/// before. Without knots a step is a step. A plain value.
class StepScale {
public:
    StepScale() = default;

    /// `step` and `x` must both grow from knot to knot; a knot that does not is ignored. A knot on the line
    /// that the last two make replaces the last one, so that what runs evenly takes two knots.
    void add(double step, double x);
    /// Keeps at most about `most` knots by leaving out every second one.
    void thin(std::size_t most);

    double x(double step) const;
    double step(double x) const;
    bool isIdentity() const { return knots_.empty(); }
    std::size_t size() const { return knots_.size(); }
    bool operator==(const StepScale&) const = default;

private:
    struct Knot {
        double step, x;
        bool operator==(const Knot&) const = default;
    };
    double interpolate(double at, double Knot::*from, double Knot::*to) const;

    std::vector<Knot> knots_;
};

} // namespace kappascope::ui
