// SPDX-License-Identifier: GPL-3.0-or-later
// Functions of vectors in registers. For sources that Highway compiles once for each instruction set, which
// include it as often, hence the unusual guard.
#if defined(KAPPASCOPE_ELEMENTARY_PARTS) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_ELEMENTARY_PARTS
#undef KAPPASCOPE_ELEMENTARY_PARTS
#else
#define KAPPASCOPE_ELEMENTARY_PARTS
#endif

#include <hwy/highway.h>
// after highway.h
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Horner's rule: c[0] x^(n-1) + ... + c[n-1].
template<class D, std::size_t N>
HWY_INLINE hn::Vec<D> polynomial(D d, hn::Vec<D> x, const double (&c)[N]) {
    using S = hn::TFromD<D>;
    auto sum = hn::Set(d, static_cast<S>(c[0]));
    for (std::size_t i = 1; i < N; ++i)
        sum = hn::MulAdd(sum, x, hn::Set(d, static_cast<S>(c[i])));
    return sum;
}

/// A rational function of x, as good as float is, up to where tanh is 1 (that of Eigen 3.4's ptanh_float).
template<class D>
HWY_INLINE hn::Vec<D> tanhOfFloats(D d, hn::Vec<D> x) {
    static constexpr double above[] = {-2.76076847742355e-16, 2.00018790482477e-13, -8.60467152213735e-11,
                                       5.12229709037114e-08,  1.48572235717979e-05, 6.37261928875436e-04,
                                       4.89352455891786e-03};
    static constexpr double below[] = {1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03,
                                       4.89352518554385e-03};
    const auto end = hn::Set(d, 7.90531110763549805F);
    const auto bounded = hn::IfThenElse(hn::Gt(hn::Abs(x), end), hn::CopySign(end, x), x);
    const auto square = hn::Mul(bounded, bounded);
    const auto ratio = hn::Div(hn::Mul(bounded, polynomial(d, square, above)), polynomial(d, square, below));
    const auto saturated =
        hn::IfThenElse(hn::Gt(hn::Abs(x), hn::Set(d, 9.02F)), hn::CopySign(hn::Set(d, 1.0F), x), ratio);
    return hn::IfThenElse(hn::Lt(hn::Abs(x), hn::Set(d, 0.0004F)), x, saturated);
}

/// Near 0 the rational function of Cephes (Moshier, tanh.c), elsewhere 1 - 2/(e^2|x| + 1): one division for
/// both.
template<class D>
HWY_INLINE hn::Vec<D> tanhOfDoubles(D d, hn::Vec<D> x) {
    static constexpr double above[] = {-9.64399179425052238628e-1, -9.92877231001918586564e1,
                                       -1.61468768441708447952e3};
    static constexpr double below[] = {1, 1.12811678491632931402e2, 2.23548839060100448583e3,
                                       4.84406305325125486048e3};
    const auto one = hn::Set(d, 1.0), size = hn::Abs(x), square = hn::Mul(x, x);
    const auto near = hn::Lt(size, hn::Set(d, 0.625));
    // e^50 is so large that the rest is 1, and so small that the exponential is right
    const auto exponent = hn::Min(hn::Add(size, size), hn::Set(d, 50.0));
    const auto numerator =
        hn::IfThenElse(near, hn::Mul(hn::Mul(size, square), polynomial(d, square, above)), hn::Set(d, -2.0));
    const auto denominator =
        hn::IfThenElse(near, polynomial(d, square, below), hn::Add(hn::Exp(d, exponent), one));
    const auto value = hn::Add(hn::IfThenElse(near, size, one), hn::Div(numerator, denominator));
    return hn::IfThenElse(hn::Eq(x, x), hn::CopySignToAbs(value, x), x);
}

template<class D>
HWY_INLINE hn::Vec<D> tanhOf(D d, hn::Vec<D> x) {
    if constexpr (sizeof(hn::TFromD<D>) == 4)
        return tanhOfFloats(d, x);
    else
        return tanhOfDoubles(d, x);
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
