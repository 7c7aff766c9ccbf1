// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/activation.h"

#include <type_traits>

namespace kappascope {

/// An activation from a rule on arrays, so that a member of the catalog holds its formulas and nothing else.
/// A rule is constructed from Parameters and has
///     value(a, h)         h = g(a), h may be a
///     derivative(a, h, d) d *= g'(a), given h = g(a)
///     second(a, h, d)     d *= g''(a), given h = g(a)
///     narrowPasses<S>()   static; where narrow_layers.h knows the activation
/// on one-dimensional Eigen arrays. Where columns touch, a matrix is one such array: vectorized whatever its
/// number of rows. No call allocates.
template<class S, class Rule>
class Elementwise final : public Activation<S> {
public:
    explicit Elementwise(const Parameters& parameters) : rule_(parameters) {}

    void apply(const ConstColumns<S>& a, const Columns<S>& h) const override {
        if (a.gapless() && h.gapless()) {
            rule_.value(Source(a.data, a.size()), Target(h.data, h.size()));
            return;
        }
        for (Index n = 0; n < a.cols; ++n)
            rule_.value(Source(a.data + n * a.stride, a.rows), Target(h.data + n * h.stride, h.rows));
    }

    void multiplyDerivative(const ConstColumns<S>& a, const ConstColumns<S>& h,
                            const Columns<S>& d) const override {
        multiply(a, h, d, [this](auto x, auto y, auto z) { rule_.derivative(x, y, z); });
    }

    void multiplySecondDerivative(const ConstColumns<S>& a, const ConstColumns<S>& h,
                                  const Columns<S>& d) const override {
        multiply(a, h, d, [this](auto x, auto y, auto z) { rule_.second(x, y, z); });
    }

    NarrowPasses<S> narrowPasses() const override {
        if constexpr (requires { Rule::template narrowPasses<S>(); }) return Rule::template narrowPasses<S>();
        return {};
    }

private:
    using Source = Eigen::Map<const Eigen::Array<S, Eigen::Dynamic, 1>>;
    using Target = Eigen::Map<Eigen::Array<S, Eigen::Dynamic, 1>>;

    template<class F>
    static void multiply(const ConstColumns<S>& a, const ConstColumns<S>& h, const Columns<S>& d, F rule) {
        if (a.gapless() && h.gapless() && d.gapless()) {
            rule(Source(a.data, a.size()), Source(h.data, h.size()), Target(d.data, d.size()));
            return;
        }
        for (Index n = 0; n < a.cols; ++n)
            rule(Source(a.data + n * a.stride, a.rows), Source(h.data + n * h.stride, h.rows),
                 Target(d.data + n * d.stride, d.rows));
    }

    Rule rule_;
};

/// The catalog entry of an activation that Rule defines for both precisions.
template<class Rule>
ActivationEntry elementwiseEntry(Description description) {
    return {std::move(description),
            [](const Parameters& p) -> std::unique_ptr<Activation<float>> {
                return std::make_unique<Elementwise<float, Rule>>(p);
            },
            [](const Parameters& p) -> std::unique_ptr<Activation<double>> {
                return std::make_unique<Elementwise<double, Rule>>(p);
            }};
}

} // namespace kappascope
