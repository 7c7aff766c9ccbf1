// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Identity {
    explicit Identity(const Parameters&) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        if (h.data() != a.data()) h = a;
    }
    template<class A, class H, class D>
    void derivative(const A&, const H&, D) const {}
    template<class A, class H, class D>
    void second(const A&, const H&, D d) const {
        d.setZero();
    }
};

} // namespace

ActivationEntry identity() {
    return elementwiseEntry<Identity>({.key = "identity",
                                       .label = "Identity",
                                       .help = "g(a) = a: the network is linear whatever its depth.",
                                       .reference = {},
                                       .parameters = {}});
}

} // namespace kappascope::activations
