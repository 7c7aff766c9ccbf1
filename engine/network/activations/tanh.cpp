// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"
#include "engine/network/activations/packet_function.h"

namespace kappascope::activations {

namespace {

/// tanh in double, which Eigen 3.4 does not vectorize. Near 0 the rational function of Cephes (Moshier,
/// tanh.c), elsewhere 1 - 2/(e^2|x| + 1) from the vectorized exponential; both are computed, one is chosen.
struct TanhOfDouble {
    template<class P>
    P operator()(const P& x) const {
        using namespace Eigen::internal;
        static constexpr double numerator[] = {-9.64399179425052238628e-1, -9.92877231001918586564e1,
                                               -1.61468768441708447952e3};
        static constexpr double denominator[] = {1, 1.12811678491632931402e2, 2.23548839060100448583e3,
                                                 4.84406305325125486048e3};
        const P one = pset1<P>(1.0), two = pset1<P>(2.0), size = pabs(x);
        const P square = pmul(x, x);
        const P ratio = pdiv(polynomial(square, numerator), polynomial(square, denominator));
        const P near = pmadd(pmul(size, square), ratio, size);
        const P far = psub(one, pdiv(two, padd(pexp(padd(size, size)), one)));
        const P value = pselect(pcmp_lt(size, pset1<P>(0.625)), near, far);
        return por(value, pand(x, pset1<P>(-0.0))); // tanh is odd: the sign is that of x
    }
};

struct Tanh {
    explicit Tanh(const Parameters&) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        if constexpr (std::is_same_v<typename H::Scalar, double>)
            h = a.unaryExpr(PacketFunction<double, TanhOfDouble>{});
        else
            h = a.tanh();
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
