// SPDX-License-Identifier: GPL-3.0-or-later
// Passes over a matrix beside the products: sums of its rows, its largest element, which rows are not 0, a
// step along a gradient. For product_kernels.cpp, once for each instruction set, hence the unusual guard.
#if defined(KAPPASCOPE_MATRIX_PASSES) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_MATRIX_PASSES
#undef KAPPASCOPE_MATRIX_PASSES
#else
#define KAPPASCOPE_MATRIX_PASSES
#endif

#include "engine/core/types.h"

#include <algorithm>
#include <bit>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// sums[i] = sum_j A(i, j), in the order of the columns; with a rate sums -= rate * that.
template<class D>
void sumRowsFrom(D d, Index first, const hn::TFromD<D>* a, Index stride, Index count, Index columns,
                 hn::TFromD<D> rate, hn::TFromD<D>* sums) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    for (; first + lanes <= count; first += lanes) {
        auto sum = hn::Zero(d);
        for (Index j = 0; j < columns; ++j)
            sum = hn::Add(sum, hn::LoadU(d, a + first + j * stride));
        if (rate != 0) sum = hn::NegMulAdd(hn::Set(d, rate), sum, hn::LoadU(d, sums + first));
        hn::StoreU(sum, d, sums + first);
    }
    if constexpr (hn::MaxLanes(D()) > 1)
        if (first < count) sumRowsFrom(hn::Half<D>(), first, a, stride, count, columns, rate, sums);
}

template<class S>
void sumRows(const S* a, Index stride, Index rows, Index columns, S rate, S* sums) {
    sumRowsFrom(hn::ScalableTag<S>(), 0, a, stride, rows, columns, rate, sums);
}

/// Without their signs, numbers are ordered like the integers that have the same bits, infinity and what is
/// no number at the end.
template<class D>
auto largestFrom(D d, Index first, const hn::TFromD<D>* a, Index stride, Index count, Index columns) {
    using Bits = hwy::MakeSigned<hn::TFromD<D>>;
    const hn::Rebind<Bits, D> bits;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    const auto sizes = [=](const hn::TFromD<D>* from)
                           HWY_ATTR { return hn::BitCast(bits, hn::Abs(hn::LoadU(d, from))); };
    auto most = hn::Zero(bits), other = most;
    const Index whole = first + (count - first) / lanes * lanes;
    for (Index j = 0; j < columns; ++j) {
        const auto* column = a + j * stride;
        Index i = first;
        for (; i + 4 * lanes <= whole; i += 4 * lanes) {
            most = hn::Max(most, hn::Max(sizes(column + i), sizes(column + i + lanes)));
            other = hn::Max(other, hn::Max(sizes(column + i + 2 * lanes), sizes(column + i + 3 * lanes)));
        }
        for (; i < whole; i += lanes)
            most = hn::Max(most, sizes(column + i));
    }
    most = hn::Max(most, other);
    Bits result = hn::GetLane(hn::MaxOfLanes(bits, most));
    if constexpr (hn::MaxLanes(D()) > 1)
        if (whole < count)
            result = std::max(result, largestFrom(hn::Half<D>(), whole, a, stride, count, columns));
    return result;
}

template<class S>
S largest(const S* a, Index stride, Index rows, Index columns) {
    const bool gapless = stride == rows;
    return std::bit_cast<S>(largestFrom(hn::ScalableTag<S>(), 0, a, stride, gapless ? rows * columns : rows,
                                        gapless ? 1 : columns));
}

template<class S>
void descendAlong(const S* g, S rate, Index n, S* theta) {
    const hn::ScalableTag<S> d;
    const hn::CappedTag<S, 1> one;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index i = 0;
    for (; i + lanes <= n; i += lanes)
        hn::StoreU(hn::NegMulAdd(hn::Set(d, rate), hn::LoadU(d, g + i), hn::LoadU(d, theta + i)), d,
                   theta + i);
    for (; i < n; ++i)
        hn::StoreU(hn::NegMulAdd(hn::Set(one, rate), hn::LoadU(one, g + i), hn::LoadU(one, theta + i)), one,
                   theta + i);
}

/// Four vectors of rows at a time, down all columns. (-0 counts as 0, what is no number does not.)
template<class S>
Index nonzeroRows(const S* a, Index stride, Index rows, Index columns, Index first, std::int32_t* places) {
    const hn::ScalableTag<S> d;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index count = 0, i = 0;
    for (; i + 4 * lanes <= rows; i += 4 * lanes) {
        auto any0 = hn::Zero(d), any1 = any0, any2 = any0, any3 = any0;
        for (Index j = 0; j < columns; ++j) {
            const S* from = a + i + j * stride;
            any0 = hn::Or(any0, hn::LoadU(d, from));
            any1 = hn::Or(any1, hn::LoadU(d, from + lanes));
            any2 = hn::Or(any2, hn::LoadU(d, from + 2 * lanes));
            any3 = hn::Or(any3, hn::LoadU(d, from + 3 * lanes));
        }
        HWY_ALIGN S any[4 * hn::MaxLanes(d)];
        hn::Store(any0, d, any);
        hn::Store(any1, d, any + lanes);
        hn::Store(any2, d, any + 2 * lanes);
        hn::Store(any3, d, any + 3 * lanes);
        for (Index v = 0; v < 4 * lanes; ++v) {
            places[count] = static_cast<std::int32_t>(first + i + v);
            count += any[v] != 0;
        }
    }
    for (; i < rows; ++i) {
        bool any = false;
        for (Index j = 0; j < columns; ++j)
            any = any || a[i + j * stride] != 0;
        places[count] = static_cast<std::int32_t>(first + i);
        count += any;
    }
    return count;
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
