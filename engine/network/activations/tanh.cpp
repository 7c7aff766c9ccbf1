// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"
#include "engine/network/activations/elementwise.h"

namespace kappascope::activations {

namespace {

struct Tanh {
    explicit Tanh(const Parameters&) {}
    template<class S>
    static NarrowPasses<S> narrowPasses() {
        return narrowLayers<S>().tanh;
    }
    template<class A, class H>
    void value(const A& a, H h) const {
        elementary<typename H::Scalar>().tanh(a.data(), h.data(), a.size());
    }
    template<class A, class H, class D>
    void derivative(const A&, const H& h, D d) const {
        d *= 1 - h.square();
    }
    template<class A, class H, class D>
    void second(const A&, const H& h, D d) const { // g'' = -2 h (1 - h^2)
        d *= -2 * h * (1 - h.square());
    }
};

} // namespace

ActivationEntry tanh() {
    return elementwiseEntry<Tanh>({.key = "tanh",
                                   .label = "Tanh",
                                   .help = "g(a) = tanh(a), in (-1, 1): odd, so that centred inputs stay "
                                           "nearly centred; flat (saturated) beyond |a| of about 3.",
                                   .reference = {},
                                   .parameters = {}});
}

} // namespace kappascope::activations
