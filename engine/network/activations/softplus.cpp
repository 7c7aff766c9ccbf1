// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Softplus {
    explicit Softplus(const Parameters&) {}
    // log(1 + e^a) = max(a, 0) + log(1 + e^-|a|): neither overflows nor loses the small
    template<class A, class H>
    void value(const A& a, H h) const {
        h = a.max(0) + (-a.abs()).exp().log1p();
    }
    template<class A, class H, class D>
    void derivative(const A& a, const H&, D d) const {
        d *= a.logistic();
    }
    template<class A, class H, class D>
    void second(const A& a, const H&, D d) const { // g'' = s (1 - s), s = sigmoid(a)
        d *= a.logistic() * (-a).logistic();
    }
};

} // namespace

ActivationEntry softplus() {
    return elementwiseEntry<Softplus>({.key = "softplus",
                                       .label = "Softplus",
                                       .help = "g(a) = log(1 + e^a): a smooth ReLU.",
                                       .reference = "Dugas et al., NIPS 2000",
                                       .parameters = {}});
}

} // namespace kappascope::activations
