// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Sigmoid {
    explicit Sigmoid(const Parameters&) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        h = a.logistic();
    }
    template<class A, class H, class D>
    void derivative(const A&, const H& h, D d) const {
        d *= h * (1 - h);
    }
    template<class A, class H, class D>
    void second(const A&, const H& h, D d) const { // g'' = g' (1 - 2 h)
        d *= h * (1 - h) * (1 - 2 * h);
    }
};

} // namespace

ActivationEntry sigmoid() {
    return elementwiseEntry<Sigmoid>(
        {.key = "sigmoid",
         .label = "Sigmoid",
         .help = "g(a) = 1/(1 + e^-a), in (0, 1): its outputs are never centred, which hurts conditioning.",
         .reference = {},
         .parameters = {}});
}

} // namespace kappascope::activations
