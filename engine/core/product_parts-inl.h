// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the product kernels that stand by themselves: dot products, transposing, few terms, one
// vector high. For
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
#include <utility>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// The sums of a long vector's lanes in a vector of 16 bytes: lanes as far apart as that are added.
template<class D>
HWY_INLINE auto fold(D d, hn::Vec<D> v) {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) > 16) {
        const hn::Half<D> half;
        return fold(half, hn::Add(hn::LowerHalf(half, v), hn::UpperHalf(half, v)));
    } else
#endif
    {
        (void)d;
        return v;
    }
}

/// Some elements of out = A^T B + c 1^T, lanes along the terms, the terms left over in shorter vectors, then
/// one by one.
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
    const hn::CappedTag<S, 16 / sizeof(S)> few;
    const Index step = static_cast<Index>(hn::Lanes(few));
    for (int j = 0; j < ofB; ++j)
        for (int i = 0; i < ofA; ++i) {
            auto lanesLeft = fold(d, sums[j * ofA + i]);
            Index left = k;
            for (; left + step <= dots.terms; left += step)
                lanesLeft = hn::MulAdd(hn::LoadU(few, a + left + i * dots.aStride),
                                       hn::LoadU(few, b + left + j * dots.bStride), lanesLeft);
            S sum = hn::GetLane(hn::SumOfLanes(few, lanesLeft)) + (dots.c ? dots.c[row + i] : S(0));
            for (Index rest = left; rest < dots.terms; ++rest)
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
    for (; j + 2 <= columns; j += 2)
        computeDotColumns<2>(d, dots, j, rows);
    if (j < columns) computeDotColumns<1>(d, dots, j, rows);
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

/// Up to so many terms, and rows: what fits on the stack.
constexpr Index mostRanks = 16, mostRankRows = 256;

/// A as subtractRanks() reads it, and where.
template<class S>
struct Ranks {
    Ranks(const Product<S>& whole, Index height, Index terms) : product(whole), rows(height), every(height) {
        constexpr Index lanes = HWY_MAX_BYTES / sizeof(S);
        while (every % lanes != 0)
            every += rows;
        for (Index k = 0; k < terms; ++k) {
            const S* column = product.a + k * product.aStride;
            std::copy_n(column, rows, a[k]);
            std::copy_n(column, std::min(lanes, rows), a[k] + rows);
        }
        step = every / rows * product.columnStride;
    }
    const Product<S>& product;
    Index rows;
    Index every, step; ///< numbers of out, and of B, after which vectors lie alike in the columns
    S a[mostRanks][mostRankRows + HWY_MAX_BYTES / sizeof(S)]; ///< columns of A, their beginnings once more
};

/// The vectors `every` numbers apart from out[i] on, which stands in the given row and column: A's numbers
/// for them stay in registers.
template<int terms, class D, class S>
HWY_INLINE void computeAlike(D d, const Ranks<S>& ranks, Index i, Index row, Index column, Index count) {
    using V = hn::Vec<D>;
    const Product<S>& product = ranks.product;
    const Index termStride = product.termStride, columnStride = product.columnStride;
    const Index every = ranks.every, step = ranks.step, left = ranks.rows - row; // rows of this column
    V a[terms];
#pragma GCC unroll 16
    for (int k = 0; k < terms; ++k)
        a[k] = hn::LoadU(d, ranks.a[k] + row);
    const V rate = hn::Set(d, product.rate);
    const bool subtract = product.rate != 0;
    const S* b = product.b + column * columnStride;
    S* out = product.out + i;
    const auto finish = [&](V sum) HWY_ATTR {
        hn::StoreU(subtract ? hn::NegMulAdd(rate, sum, hn::LoadU(d, out)) : sum, d, out);
        b += step;
        out += every;
    };
    if (left >= static_cast<Index>(hn::Lanes(d))) {
        for (Index g = 0; g < count; ++g) {
            V sum = hn::Zero(d);
#pragma GCC unroll 16
            for (int k = 0; k < terms; ++k)
                sum = hn::MulAdd(a[k], hn::Set(d, b[k * termStride]), sum);
            finish(sum);
        }
        return;
    }
    const auto ofThis = hn::FirstN(d, static_cast<std::size_t>(left));
    for (Index g = 0; g < count; ++g) { // lanes of the next column, too
        V sum = hn::Zero(d);
#pragma GCC unroll 16
        for (int k = 0; k < terms; ++k) {
            const S* factor = b + k * termStride;
            sum = hn::MulAdd(
                a[k], hn::IfThenElse(ofThis, hn::Set(d, *factor), hn::Set(d, factor[columnStride])), sum);
        }
        finish(sum);
    }
}

/// A B with few terms and no gaps between the columns of out, which is reading and writing the result: along
/// the memory in whole lines of the cache, whatever columns they belong to. 100 x 784 with 6 terms,
/// subtracted: 15 us column by column.
template<int terms, class S>
void computeRanks(const Product<S>& product, Index rows, Index columns) {
    const hn::ScalableTag<S> d;
    const hn::CappedTag<S, 1> one;
    const Index lanes = static_cast<Index>(hn::Lanes(d)), size = rows * columns;
    const Ranks<S> ranks(product, rows, terms);

    Index i = 0, row = 0, column = 0;
    const auto advance = [&](Index by) {
        i += by;
        row += by;
        if (row >= rows) row -= rows, ++column;
    };
    const auto single = [&]() HWY_ATTR {
        computeAlike<terms>(one, ranks, i, row, column, 1);
        advance(1);
    };
    while (i < size && reinterpret_cast<std::uintptr_t>(product.out + i) % (lanes * sizeof(S)) != 0)
        single();
    constexpr Index together = 8; // periods: what lies between them stays in the nearest cache
    for (Index left = (size - i) / ranks.every; left > 0;) {
        const Index count = std::min(left, together), ahead = (count - 1) * ranks.every;
        for (Index done = 0; done < ranks.every; done += lanes) {
            computeAlike<terms>(d, ranks, i, row, column, count);
            advance(lanes);
        }
        left -= count;
        i += ahead;
        column += ahead / rows;
    }
    while (i + lanes <= size) {
        computeAlike<terms>(d, ranks, i, row, column, 1);
        advance(lanes);
    }
    while (i < size)
        single();
}

template<class S, int... terms>
void computeRanksOf(const Product<S>& product, Index rows, Index columns,
                    std::integer_sequence<int, terms...>) {
    using Kernel = void (*)(const Product<S>&, Index, Index);
    static constexpr Kernel kernels[] = {computeRanks<terms + 1, S>...};
    kernels[product.terms - 1](product, rows, columns);
}

/// Up to so many terms A stays in registers.
constexpr int mostNarrowTerms = 16;

/// A product one vector high with few terms, column by column; the processor works at several columns at a
/// time. Saves what finding and leaving tiles costs: a step of 2-8-8-8-1 at batch 10 was slower by a tenth.
template<int terms, class D>
void computeNarrow(D d, const Product<hn::TFromD<D>>& product, Index columns) {
    using S = hn::TFromD<D>;
    using V = hn::Vec<D>;
    V a[terms];
#pragma GCC unroll 16
    for (int k = 0; k < terms; ++k)
        a[k] = hn::LoadU(d, product.a + k * product.aStride);
    const V c = product.c ? hn::LoadU(d, product.c) : hn::Zero(d);
    const V rate = hn::Set(d, product.rate);
    const bool subtract = product.rate != 0;
    const S* b = product.b;
    S* out = product.out;
    // Copies, since for all that the compiler knows the results are stored over them.
    const Index termStride = product.termStride, columnStride = product.columnStride;
    const Index outStride = product.outStride;
    for (Index j = 0; j < columns; ++j, b += columnStride, out += outStride) {
        V sum = c;
#pragma GCC unroll 16
        for (int k = 0; k < terms; ++k)
            sum = hn::MulAdd(a[k], hn::Set(d, b[k * termStride]), sum);
        if (subtract) sum = hn::NegMulAdd(rate, sum, hn::LoadU(d, out));
        hn::StoreU(sum, d, out);
    }
}

template<class D, int... terms>
void computeNarrowOf(D d, const Product<hn::TFromD<D>>& product, Index columns,
                     std::integer_sequence<int, terms...>) {
    using Kernel = void (*)(D, const Product<hn::TFromD<D>>&, Index);
    static constexpr Kernel kernels[] = {computeNarrow<terms + 1, D>...};
    kernels[product.terms - 1](d, product, columns);
}

/// False where the product is not narrow: its rows do not fill a vector of 16 bytes or twice, four times
/// that.
template<class D>
bool computeIfNarrow(D d, const Product<hn::TFromD<D>>& product, Index rows, Index columns) {
    if (rows == static_cast<Index>(hn::Lanes(d))) {
        computeNarrowOf(d, product, columns, std::make_integer_sequence<int, mostNarrowTerms>());
        return true;
    }
    if constexpr (hn::MaxLanes(D()) > 16 / sizeof(hn::TFromD<D>))
        return computeIfNarrow(hn::Half<D>(), product, rows, columns);
    return false;
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
