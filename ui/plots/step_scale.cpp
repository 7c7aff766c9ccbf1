// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/step_scale.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {
constexpr double collinear = 1e-9; ///< relative: rounding of double sums, nothing that shows
}

void StepScale::add(double step, double x) {
    if (!knots_.empty() && !(step > knots_.back().step && x > knots_.back().x)) return;
    if (knots_.size() >= 2) {
        const Knot &a = knots_[knots_.size() - 2], &b = knots_.back();
        const double onLine = a.x + (step - a.step) * (b.x - a.x) / (b.step - a.step);
        if (std::abs(onLine - x) <= collinear * std::abs(x)) knots_.pop_back();
    }
    knots_.push_back({step, x});
}

void StepScale::thin(std::size_t most) {
    if (knots_.size() <= most) return;
    std::vector<Knot> kept;
    for (std::size_t i = 0; i < knots_.size(); ++i)
        if (i % 2 == 0 || i + 1 == knots_.size()) kept.push_back(knots_[i]);
    knots_ = std::move(kept);
}

double StepScale::x(double step) const {
    return interpolate(step, &Knot::step, &Knot::x);
}

double StepScale::step(double x) const {
    return interpolate(x, &Knot::x, &Knot::step);
}

double StepScale::interpolate(double at, double Knot::*from, double Knot::*to) const {
    if (knots_.empty()) return at;
    if (knots_.size() == 1) return knots_[0].*to + (at - knots_[0].*from);
    auto after = std::ranges::upper_bound(knots_, at, {}, from);
    after = std::clamp(after, knots_.begin() + 1, knots_.end() - 1);
    const Knot &a = *(after - 1), &b = *after;
    return a.*to + (at - a.*from) * (b.*to - a.*to) / (b.*from - a.*from);
}

} // namespace kappascope::ui
