// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activations/elementwise.h"
#include "engine/network/activations/packet_function.h"

#include <numbers>

namespace kappascope::activations {

namespace {

constexpr double inverseRoot2 = std::numbers::sqrt2 / 2;
constexpr double densityAtZero = std::numbers::inv_sqrtpi * inverseRoot2; // 1/sqrt(2 pi)

/// Phi(a) = (1 + erf(a/sqrt 2))/2, given e = exp(-a^2/2); the rational functions of Cephes (Moshier, ndtr.c).
/// The tail is computed from erfc: right to a few ulp also where Phi is tiny.
template<class P>
P normalDistribution(const P& a, const P& e) {
    using namespace Eigen::internal;
    using S = typename unpacket_traits<P>::type;
    static constexpr double erfAbove[] = {9.60497373987051638749e0, 9.00260197203842689217e1,
                                          2.23200534594684319226e3, 7.00332514112805075473e3,
                                          5.55923013010394962768e4};
    static constexpr double erfBelow[] = {1,
                                          3.35617141647503099647e1,
                                          5.21357949780152679795e2,
                                          4.59432382970980127987e3,
                                          2.26290000613890934246e4,
                                          4.92673942608635921086e4};
    static constexpr double erfcAbove[] = {
        2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0,
        4.86371970985681366614e1,   1.96520832956077098242e2,  5.26445194995477358631e2,
        9.34528527171957607540e2,   1.02755188689515710272e3,  5.57535335369399327526e2};
    static constexpr double erfcBelow[] = {1,
                                           1.32281951154744992508e1,
                                           8.67072140885989742329e1,
                                           3.54937778887819891062e2,
                                           9.75708501743205489753e2,
                                           1.82390916687909736289e3,
                                           2.24633760818710981792e3,
                                           1.65666309194161350182e3,
                                           5.57535340817727675546e2};
    const P half = pset1<P>(S(0.5)), one = pset1<P>(S(1));
    const P x = pmul(a, pset1<P>(static_cast<S>(inverseRoot2)));
    const P square = pmul(x, x);
    const P erf = pmul(x, pdiv(polynomial(square, erfAbove), polynomial(square, erfBelow)));
    const P near = pmadd(erf, half, half);
    // beyond 15, e^(-x^2) is 0 or all but; the bound keeps the polynomials finite
    const P size = pmin(pabs(x), pset1<P>(S(15)));
    const P tail = pmul(half, pmul(e, pdiv(polynomial(size, erfcAbove), polynomial(size, erfcBelow))));
    const P far = pselect(pcmp_lt(x, pset1<P>(S(0))), tail, psub(one, tail));
    return pselect(pcmp_lt(pabs(x), one), near, far);
}

template<class P>
P density(const P& a) { // exp(-a^2/2), without 1/sqrt(2 pi)
    using namespace Eigen::internal;
    using S = typename unpacket_traits<P>::type;
    return pexp(pmul(pmul(a, a), pset1<P>(S(-0.5))));
}

struct Value {
    template<class P>
    P operator()(const P& a) const {
        return Eigen::internal::pmul(a, normalDistribution(a, density(a)));
    }
};

/// g'(a) = Phi(a) + a phi(a)
struct Derivative {
    template<class P>
    P operator()(const P& a) const {
        using namespace Eigen::internal;
        using S = typename unpacket_traits<P>::type;
        const P e = density(a);
        return pmadd(pmul(a, e), pset1<P>(static_cast<S>(densityAtZero)), normalDistribution(a, e));
    }
};

/// g''(a) = phi(a) (2 - a^2)
struct SecondDerivative {
    template<class P>
    P operator()(const P& a) const {
        using namespace Eigen::internal;
        using S = typename unpacket_traits<P>::type;
        const P phi = pmul(density(a), pset1<P>(static_cast<S>(densityAtZero)));
        return pmul(phi, psub(pset1<P>(S(2)), pmul(a, a)));
    }
};

struct Gelu {
    explicit Gelu(const Parameters&) {}
    template<class A, class H>
    void value(const A& a, H h) const {
        h = a.unaryExpr(PacketFunction<typename H::Scalar, Value>{});
    }
    template<class A, class H, class D>
    void derivative(const A& a, const H&, D d) const {
        d *= a.unaryExpr(PacketFunction<typename D::Scalar, Derivative>{});
    }
    template<class A, class H, class D>
    void second(const A& a, const H&, D d) const {
        d *= a.unaryExpr(PacketFunction<typename D::Scalar, SecondDerivative>{});
    }
};

} // namespace

ActivationEntry gelu() {
    return elementwiseEntry<Gelu>({.key = "gelu",
                                   .label = "GELU",
                                   .help = "g(a) = a Phi(a), Phi the standard normal distribution (exact, "
                                           "with erf; not the tanh approximation).",
                                   .reference = "Hendrycks, Gimpel, arXiv 1606.08415",
                                   .parameters = {}});
}

} // namespace kappascope::activations
