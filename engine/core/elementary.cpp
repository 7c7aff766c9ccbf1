// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"

#include <algorithm>

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/elementary.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
// after highway.h
#include <hwy/contrib/math/math-inl.h>

#include "engine/core/elementary-inl.h"

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

template<class S>
void tanhArray(const S* x, S* y, Index n) {
    transform(x, y, n, [](auto d, auto v) HWY_ATTR { return tanhOf(d, v); });
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

/// log(1 + e) for 0 <= e <= 1. In float by the series of 2 artanh(s), s = e/(2 + e) <= 1/3, whose terms fall
/// by a ninth: half of the time of a logarithm.
template<class D>
HWY_INLINE hn::Vec<D> log1pOfShare(D d, hn::Vec<D> e) {
    if constexpr (sizeof(hn::TFromD<D>) == 8) {
        return hn::Log1p(d, e);
    } else {
        static constexpr double series[] = {2.0 / 15, 2.0 / 13, 2.0 / 11, 2.0 / 9, 2.0 / 7, 2.0 / 5, 2.0 / 3};
        const auto s = hn::Div(e, hn::Add(e, hn::Set(d, 2.0F))), square = hn::Mul(s, s);
        return hn::MulAdd(hn::Mul(s, square), polynomial(d, square, series), hn::Add(s, s));
    }
}

template<class V>
struct ValueAndSlope {
    V value, slope;
};

// log(1 + e^x) = max(x, 0) + log(1 + e^-|x|); its slope is 1/(1 + e^-|x|) for x >= 0, e^-|x|/(1 + e^-|x|)
// below.
template<class D>
HWY_INLINE ValueAndSlope<hn::Vec<D>> softplusOf(D d, hn::Vec<D> x) {
    const auto e = hn::Exp(d, hn::Neg(hn::Abs(x))), one = hn::Set(d, hn::TFromD<D>(1)), zero = hn::Zero(d);
    const auto above = hn::IfThenElse(hn::Lt(x, zero), zero, x);
    const auto numerator = hn::IfThenElse(hn::Lt(x, zero), e, one);
    return {hn::Add(above, log1pOfShare(d, e)), hn::Div(numerator, hn::Add(one, e))};
}

template<class S>
void softplusArray(const S* x, S* value, S* slope, Index n) {
    forVectors(
        hn::ScalableTag<S>(), n, [=](auto d, Index i) HWY_ATTR { return softplusOf(d, hn::LoadU(d, x + i)); },
        [=](auto d, Index i, auto both) HWY_ATTR {
            hn::StoreU(both.value, d, value + i);
            hn::StoreU(both.slope, d, slope + i);
        });
}

/// The sum in double.
template<class D>
HWY_INLINE double preciseSum(D d, hn::Vec<D> v) {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (sizeof(hn::TFromD<D>) == 4 && hn::MaxLanes(D()) > 1) {
        const hn::Half<D> half;
        const hn::RepartitionToWide<D> wide;
        const auto sum =
            hn::Add(hn::PromoteTo(wide, hn::LowerHalf(half, v)), hn::PromoteTo(wide, hn::UpperHalf(half, v)));
        return hn::GetLane(hn::SumOfLanes(wide, sum));
    } else
#endif
        return static_cast<double>(hn::GetLane(hn::SumOfLanes(d, v)));
}

template<class D>
HWY_INLINE ValueAndSlope<hn::Vec<D>> crossEntropyAt(D d, hn::Vec<D> logits, std::uint64_t ones,
                                                    hn::TFromD<D> share) {
    const auto ofOne = hn::LoadMaskBits(d, reinterpret_cast<const std::uint8_t*>(&ones));
    const auto both = softplusOf(d, hn::IfThenElse(ofOne, hn::Neg(logits), logits));
    const auto slope = hn::Mul(hn::Set(d, share), both.slope);
    return {both.value, hn::IfThenElse(ofOne, hn::Neg(slope), slope)};
}

/// Of one vector of samples.
template<class D>
HWY_INLINE double crossEntropyOf(D d, const hn::TFromD<D>* z, std::uint64_t ones, hn::TFromD<D> share,
                                 hn::TFromD<D>* dz) {
    const auto both = crossEntropyAt(d, hn::LoadU(d, z), ones, share);
    hn::StoreU(both.slope, d, dz);
    return preciseSum(d, both.value);
}

#if !HWY_MEM_OPS_MIGHT_FAULT
/// Stores the first `count` of dz and sums the first of the losses, in shorter and shorter vectors.
template<class D>
HWY_INLINE double firstLosses(D d, ValueAndSlope<hn::Vec<D>> both, Index count, hn::TFromD<D>* dz) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if (count == lanes) {
        hn::StoreU(both.slope, d, dz);
        return preciseSum(d, both.value);
    }
#if HWY_TARGET != HWY_SCALAR
    if constexpr (hn::MaxLanes(D()) > 1) {
        const hn::Half<D> half;
        const ValueAndSlope<hn::Vec<hn::Half<D>>> lower{hn::LowerHalf(half, both.value),
                                                        hn::LowerHalf(half, both.slope)};
        if (count < lanes / 2) return firstLosses(half, lower, count, dz);
        const double sum = firstLosses(half, lower, lanes / 2, dz);
        if (count == lanes / 2) return sum;
        return sum + firstLosses(half, {hn::UpperHalf(half, both.value), hn::UpperHalf(half, both.slope)},
                                 count - lanes / 2, dz + lanes / 2);
    }
#endif
    return 0;
}

/// Of fewer samples than a vector has lanes. (One by one in shorter vectors, each of which needs an
/// exponential and a logarithm of its own, ten samples took twice as long.)
template<class D>
HWY_INLINE double crossEntropyOfFew(D d, const hn::TFromD<D>* z, std::uint64_t ones, hn::TFromD<D> share,
                                    Index count, hn::TFromD<D>* dz) {
    const auto logits = hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(count)), d, z);
    return firstLosses(d, crossEntropyAt(d, logits, ones, share), count, dz);
}
#endif

/// What is left over goes through shorter vectors, or through one that is not full: to the same bits.
template<class D, class S>
HWY_INLINE double crossEntropyFrom(D d, const S* z, std::uint64_t ones, S share, S* dz, Index i, Index n) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    double sum = 0;
    for (; i + lanes <= n; i += lanes)
        sum += crossEntropyOf(d, z + i, ones >> i, share, dz + i);
#if !HWY_MEM_OPS_MIGHT_FAULT
    if (n - i > lanes / 2) return sum + crossEntropyOfFew(d, z + i, ones >> i, share, n - i, dz + i);
#endif
    if constexpr (hn::MaxLanes(D()) > 1)
        if (i < n) sum += crossEntropyFrom(hn::Half<D>(), z, ones, share, dz, i, n);
    return sum;
}

template<class S>
double crossEntropy(const S* z, std::uint64_t ones, S share, S* dz, Index n) {
    return crossEntropyFrom(hn::ScalableTag<S>(), z, ones, share, dz, 0, n);
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
    return {tanhArray<S>,     exponentialArray<S>, log1pArray<S>,
            softplusArray<S>, crossEntropy<S>,     bytesArray<S>};
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
