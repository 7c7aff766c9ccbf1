// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the product kernels that stand by themselves: dot products, transposing, rank one. For
// product_kernels.cpp alone, which includes it once for each instruction set, hence the unusual guard.
#if defined(KAPPASCOPE_PRODUCT_PARTS) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_PRODUCT_PARTS
#undef KAPPASCOPE_PRODUCT_PARTS
#else
#define KAPPASCOPE_PRODUCT_PARTS
#endif

#include "engine/core/product_kernels.h"

#include <algorithm>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Some elements of out = A^T B + c 1^T, lanes along the terms, the terms left over one by one.
template<int ofA, int ofB, class D>
HWY_INLINE void computeDots(D d, const Dots<hn::TFromD<D>>& dots, Index row, Index column) {
    using V = hn::Vec<D>;
    using S = hn::TFromD<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    V sums[ofA * ofB];
    for (V& sum : sums)
        sum = hn::Zero(d);
    const S* a = dots.a + row * dots.aStride;
    const S* b = dots.b + column * dots.bStride;
    Index k = 0;
    for (; k + lanes <= dots.terms; k += lanes) {
        V factors[ofA];
        for (int i = 0; i < ofA; ++i)
            factors[i] = hn::LoadU(d, a + k + i * dots.aStride);
        for (int j = 0; j < ofB; ++j) {
            const V factor = hn::LoadU(d, b + k + j * dots.bStride);
            for (int i = 0; i < ofA; ++i)
                sums[j * ofA + i] = hn::MulAdd(factors[i], factor, sums[j * ofA + i]);
        }
    }
    for (int j = 0; j < ofB; ++j)
        for (int i = 0; i < ofA; ++i) {
            S sum = hn::GetLane(hn::SumOfLanes(d, sums[j * ofA + i])) + (dots.c ? dots.c[row + i] : S(0));
            for (Index rest = k; rest < dots.terms; ++rest)
                sum += a[rest + i * dots.aStride] * b[rest + j * dots.bStride];
            dots.out[row + i + (column + j) * dots.outStride] = sum;
        }
}

template<int columns, class D>
void computeDotColumns(D d, const Dots<hn::TFromD<D>>& dots, Index column, Index rows) {
    Index i = 0;
    for (; i + 4 <= rows; i += 4)
        computeDots<4, columns>(d, dots, i, column);
    for (; i < rows; ++i)
        computeDots<1, columns>(d, dots, i, column);
}

template<class D>
void computeDotsIn(D d, const Dots<hn::TFromD<D>>& dots, Index rows, Index columns) {
    Index j = 0;
    for (; j + 4 <= columns; j += 4)
        computeDotColumns<4>(d, dots, j, rows);
    for (; j < columns; ++j)
        computeDotColumns<1>(d, dots, j, rows);
}

template<class S>
void computeAllDots(const Dots<S>& dots, Index rows, Index columns) {
    const hn::ScalableTag<S> whole;
    if (dots.terms >= static_cast<Index>(hn::Lanes(whole)))
        computeDotsIn(whole, dots, rows, columns);
    else
        computeDotsIn(hn::CappedTag<S, 16 / sizeof(S)>(), dots, rows, columns);
}

/// Side of the squares that are transposed in registers.
#if HWY_TARGET == HWY_SCALAR
template<class S>
constexpr Index side = 1;

template<class S>
void transposeSquare(const S* a, Index, S* t, Index) {
    *t = *a;
}
#else
template<class S>
constexpr Index side = 16 / sizeof(S);

/// A square of the shortest vector's length, by interleaving: 4 x 4 in float, 2 x 2 in double.
template<class S>
HWY_INLINE void transposeSquare(const S* a, Index aStride, S* t, Index tStride) {
    const hn::CappedTag<S, 16 / sizeof(S)> d;
    if constexpr (sizeof(S) == 8) {
        const auto c0 = hn::LoadU(d, a), c1 = hn::LoadU(d, a + aStride);
        hn::StoreU(hn::InterleaveLower(d, c0, c1), d, t);
        hn::StoreU(hn::InterleaveUpper(d, c0, c1), d, t + tStride);
    } else {
        const auto c0 = hn::LoadU(d, a), c1 = hn::LoadU(d, a + aStride);
        const auto c2 = hn::LoadU(d, a + 2 * aStride), c3 = hn::LoadU(d, a + 3 * aStride);
        const auto even = hn::InterleaveLower(d, c0, c2), odd = hn::InterleaveLower(d, c1, c3);
        hn::StoreU(hn::InterleaveLower(d, even, odd), d, t);
        hn::StoreU(hn::InterleaveUpper(d, even, odd), d, t + tStride);
        const auto evenUpper = hn::InterleaveUpper(d, c0, c2), oddUpper = hn::InterleaveUpper(d, c1, c3);
        hn::StoreU(hn::InterleaveLower(d, evenUpper, oddUpper), d, t + 2 * tStride);
        hn::StoreU(hn::InterleaveUpper(d, evenUpper, oddUpper), d, t + 3 * tStride);
    }
}
#endif

/// t = A^T without gaps between its columns.
template<class S>
void transpose(const S* a, Index stride, Index rows, Index columns, S* t) {
    Index j = 0;
    for (; j + side<S> <= columns; j += side<S>) {
        Index i = 0;
        for (; i + side<S> <= rows; i += side<S>)
            transposeSquare(a + i + j * stride, stride, t + j + i * columns, columns);
        for (; i < rows; ++i)
            for (Index c = j; c < j + side<S>; ++c)
                t[c + i * columns] = a[i + c * stride];
    }
    for (; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            t[j + i * columns] = a[i + j * stride];
}

/// Up to so many rows make a strip, which would fill a vector badly.
constexpr Index stripRows = 4;

/// What fits on the stack.
constexpr Index mostRankOneRows = 1024;

/// Few rows of W H + c 1^T (B's terms lie contiguous): dot products with a copy of the rows.
template<class S>
void computeStripOfDots(const Product<S>& product, Index first, Index rows, Index columns) {
    constexpr Index most = 4096 / sizeof(S); // terms
    S copy[stripRows * most];
    transpose(product.a + first, product.aStride, rows, product.terms, copy);
    computeAllDots<S>({copy, product.terms, product.b, product.columnStride,
                       product.c ? product.c + first : nullptr, product.out + first, product.outStride,
                       product.terms},
                      rows, columns);
}

/// Rank one, out -= rate * a b^T, with no gaps between the columns of out: along the memory in whole lines of
/// the cache, whatever columns they belong to. 100 x 784: 5.4 us column by column, where nearly every vector
/// lies across two lines.
template<class S>
void subtractRankOne(const Product<S>& product, Index rows, Index columns) {
    const hn::ScalableTag<S> d;
    const hn::CappedTag<S, 1> one;
    const Index lanes = static_cast<Index>(hn::Lanes(d)), size = rows * columns;
    S column[mostRankOneRows + HWY_MAX_BYTES / sizeof(S)]; // a, and its beginning once more
    for (Index i = 0; i < rows + lanes; ++i)
        column[i] = product.a[i < rows ? i : i - rows];
    const S* b = product.b;
    S* out = product.out;
    Index row = 0;
    const auto single = [&](Index i) HWY_ATTR {
        const auto sum = hn::Mul(hn::Set(one, column[row]), hn::Set(one, *b));
        hn::StoreU(hn::NegMulAdd(hn::Set(one, product.rate), sum, hn::LoadU(one, out + i)), one, out + i);
        if (++row == rows) row = 0, b += product.columnStride;
    };
    Index i = 0;
    for (; i < size && reinterpret_cast<std::uintptr_t>(out + i) % (lanes * sizeof(S)) != 0; ++i)
        single(i);
    const auto rate = hn::Set(d, product.rate);
    for (; i + lanes <= size; i += lanes) {
        auto factor = hn::Set(d, *b);
        const Index next = row + lanes - rows; // lanes of the next column
        if (next > 0)
            factor = hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(rows - row)), factor,
                                    hn::Set(d, b[product.columnStride]));
        const auto sum = hn::Mul(hn::LoadU(d, column + row), factor);
        hn::StoreU(hn::NegMulAdd(rate, sum, hn::LoadU(d, out + i)), d, out + i);
        row += lanes;
        if (next >= 0) row = next, b += product.columnStride;
    }
    for (; i < size; ++i)
        single(i);
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
