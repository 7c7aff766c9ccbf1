// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct LeakyRelu {
    explicit LeakyRelu(const Parameters& parameters) : slope(parameters.real("slope")) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        const auto s = static_cast<typename H::Scalar>(slope);
        for (Index i = 0; i < a.size(); ++i)
            h[i] = a[i] > 0 ? a[i] : s * a[i];
    }
    template<class A, class H, class D>
    void derivative(const A& a, const H&, D d) const {
        const auto s = static_cast<typename D::Scalar>(slope);
        for (Index i = 0; i < a.size(); ++i)
            d[i] = a[i] > 0 ? d[i] : s * d[i];
    }
    template<class A, class H, class D>
    void second(const A&, const H&, D d) const {
        d.setZero();
    }
    double slope;
};

} // namespace

ActivationEntry leaky_relu() {
    return elementwiseEntry<LeakyRelu>(
        {.key = "leaky_relu",
         .label = "Leaky ReLU",
         .help = "g(a) = a for a > 0, slope * a below, with g'(0) = slope: no unit is dead.",
         .reference = "Maas, Hannun, Ng, ICML Workshop 2013",
         .parameters = {Parameter::real("slope", "Slope", "Slope for negative a.", 0.01, 0, 1)}});
}

} // namespace kappascope::activations
