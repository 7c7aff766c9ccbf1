// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Silu {
    explicit Silu(const Parameters&) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        h = a * a.logistic();
    }
    // g = a s, s = sigmoid(a): g' = s + a s (1 - s) = s + g (1 - s)
    template<class A, class H, class D>
    void derivative(const A& a, const H& h, D d) const {
        d *= h + a.logistic() * (1 - h);
    }
    // g'' = s (1 - s) (2 + a (1 - 2 s)), and 1 - s = sigmoid(-a)
    template<class A, class H, class D>
    void second(const A& a, const H&, D d) const {
        d *= a.logistic() * (-a).logistic() * (2 + a * (1 - 2 * a.logistic()));
    }
};

} // namespace

ActivationEntry silu() {
    return elementwiseEntry<Silu>(
        {.key = "silu",
         .label = "SiLU",
         .help = "g(a) = a sigmoid(a), also called Swish: smooth, and not monotone.",
         .reference = "Elfwing, Uchibe, Doya, Neural Networks 107, 2018",
         .parameters = {}});
}

} // namespace kappascope::activations
