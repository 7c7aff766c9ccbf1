// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Relu {
    explicit Relu(const Parameters&) {}
    template<class S>
    static NarrowPasses<S> narrowPasses() {
        return narrowLayers<S>().relu;
    }
    // Plain loops, which the compiler vectorizes; a NaN stays a NaN, so that a diverged run shows.
    template<class A, class H>
    void value(const A& a, H h) const {
        for (Index i = 0; i < a.size(); ++i)
            h[i] = a[i] < 0 ? 0 : a[i];
    }
    template<class A, class H, class D>
    void derivative(const A&, const H& h, D d) const {
        for (Index i = 0; i < h.size(); ++i)
            d[i] = h[i] > 0 ? d[i] : 0;
    }
    template<class A, class H, class D>
    void second(const A&, const H&, D d) const {
        d.setZero();
    }
};

} // namespace

ActivationEntry relu() {
    return elementwiseEntry<Relu>(
        {.key = "relu",
         .label = "ReLU",
         .help = "g(a) = max(a, 0), with g'(0) = 0: a unit that is never positive is dead.",
         .reference = "Nair, Hinton, ICML 2010",
         .parameters = {}});
}

} // namespace kappascope::activations
