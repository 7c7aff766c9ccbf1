// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"

// See product_kernels.cpp.
#define HWY_DISABLED_TARGETS (HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/elementary.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// after highway.h
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Calls f(d, i) -> vectors and write(d, i, vectors) for all of [0, n) in vectors. What is left over belongs
/// to a vector that begins earlier, and is read before anything is written, so that f may read where others
/// write; fewer numbers than a vector holds go through shorter ones.
template<class D, class Function, class Write>
HWY_INLINE void forVectors(D d, Index n, const Function& f, const Write& write) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if (n < lanes) {
        if constexpr (hn::MaxLanes(D()) > 1) forVectors(hn::Half<D>(), n, f, write);
        return;
    }
    const auto last = f(d, n - lanes);
    for (Index i = 0; i + lanes < n; i += lanes)
        write(d, i, f(d, i));
    write(d, n - lanes, last);
}

template<class S, class Function>
HWY_INLINE void transform(const S* x, S* y, Index n, const Function& function) {
    forVectors(
        hn::ScalableTag<S>(), n, [=](auto d, Index i) HWY_ATTR { return function(d, hn::LoadU(d, x + i)); },
        [=](auto d, Index i, auto v) HWY_ATTR { hn::StoreU(v, d, y + i); });
}

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

template<class S>
void tanhArray(const S* x, S* y, Index n) {
    transform(x, y, n, [](auto d, auto v) HWY_ATTR {
        if constexpr (sizeof(S) == 4)
            return tanhOfFloats(d, v);
        else
            return tanhOfDoubles(d, v);
    });
}

template<class S>
void exponentialArray(const S* x, S* y, Index n) {
    // Highway's takes what is no number for very small.
    transform(x, y, n,
              [](auto d, auto v) HWY_ATTR { return hn::IfThenElse(hn::Eq(v, v), hn::Exp(d, v), v); });
}

template<class S>
void log1pArray(const S* x, S* y, Index n) {
    transform(x, y, n, [](auto d, auto v) HWY_ATTR { return hn::Log1p(d, v); });
}

template<class V>
struct ValueAndSlope {
    V value, slope;
};

// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|); its slope is 1/(1 + e^-|x|) for x >= 0, e^-|x|/(1 + e^-|x|)
// below.
template<class S>
void softplusArray(const S* x, S* value, S* slope, Index n) {
    forVectors(
        hn::ScalableTag<S>(), n,
        [=](auto d, Index i) HWY_ATTR {
            const auto v = hn::LoadU(d, x + i);
            const auto e = hn::Exp(d, hn::Neg(hn::Abs(v))), one = hn::Set(d, S(1)), zero = hn::Zero(d);
            const auto above = hn::IfThenElse(hn::Lt(v, zero), zero, v);
            const auto numerator = hn::IfThenElse(hn::Lt(v, zero), e, one);
            return ValueAndSlope<hn::Vec<decltype(d)>>{hn::Add(above, hn::Log1p(d, e)),
                                                       hn::Div(numerator, hn::Add(one, e))};
        },
        [=](auto d, Index i, auto both) HWY_ATTR {
            hn::StoreU(both.value, d, value + i);
            hn::StoreU(both.slope, d, slope + i);
        });
}

/// y = scale x + offset, for bytes x.
template<class S>
void bytesArray(const std::uint8_t* x, const S* scale, const S* offset, S* y, Index n) {
    const hn::ScalableTag<S> d;
    const hn::Rebind<std::uint8_t, decltype(d)> bytes;
    const hn::Rebind<std::int32_t, decltype(d)> integers;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index i = 0;
#if HWY_TARGET != HWY_SCALAR
    for (; i + lanes <= n; i += lanes) {
        const auto whole = hn::PromoteTo(integers, hn::LoadU(bytes, x + i));
        const auto number = [&]() HWY_ATTR {
            if constexpr (sizeof(S) == 4)
                return hn::ConvertTo(d, whole);
            else
                return hn::PromoteTo(d, whole);
        }();
        hn::StoreU(hn::MulAdd(number, hn::LoadU(d, scale + i), hn::LoadU(d, offset + i)), d, y + i);
    }
#endif
    const hn::CappedTag<S, 1> one;
    for (; i < n; ++i) {
        const auto number = hn::Set(one, static_cast<S>(x[i]));
        hn::StoreU(hn::MulAdd(number, hn::LoadU(one, scale + i), hn::LoadU(one, offset + i)), one, y + i);
    }
}

template<class S>
Elementary<S> functions() {
    return {tanhArray<S>, exponentialArray<S>, log1pArray<S>, softplusArray<S>, bytesArray<S>};
}
Elementary<float> floatFunctions() {
    return functions<float>();
}
Elementary<double> doubleFunctions() {
    return functions<double>();
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatFunctions);
HWY_EXPORT(doubleFunctions);

template<>
const Elementary<float>& elementary() {
    static const Elementary<float> chosen = HWY_DYNAMIC_DISPATCH(floatFunctions)();
    return chosen;
}

template<>
const Elementary<double>& elementary() {
    static const Elementary<double> chosen = HWY_DYNAMIC_DISPATCH(doubleFunctions)();
    return chosen;
}

} // namespace kappascope
#endif
