// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of the product kernels that stand by themselves: dot products, transposing, few terms, one vector
// high. For product_kernels.cpp alone, which includes it once for each instruction set, hence the unusual
// guard.
#if defined(KAPPASCOPE_PRODUCT_PARTS) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_PRODUCT_PARTS
#undef KAPPASCOPE_PRODUCT_PARTS
#else
#define KAPPASCOPE_PRODUCT_PARTS
#endif

#include "engine/core/product_blocks-inl.h"
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

/// The sums of the lanes of `few` vectors, as the lanes of the shortest one: added interleaved, 13 operations
/// for four sums. (One by one they take 40, at batch 6 half of the time of going back through 100 x 100.)
template<class D>
HWY_INLINE auto sumsOfLanes(D d, const hn::Vec<D>* v) {
#if HWY_TARGET == HWY_SCALAR
    return fold(d, v[0]);
#else
    const auto ofTwo = [d](hn::Vec<D> a, hn::Vec<D> b) HWY_ATTR {
        return hn::Add(hn::InterleaveLower(d, a, b), hn::InterleaveUpper(d, a, b));
    };
    if constexpr (sizeof(hn::TFromD<D>) == 8) {
        return fold(d, ofTwo(v[0], v[1]));
    } else {
        const hn::RepartitionToWide<D> pairs;
        const auto a = hn::BitCast(pairs, ofTwo(v[0], v[1])), b = hn::BitCast(pairs, ofTwo(v[2], v[3]));
        return fold(d, hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, a, b)),
                               hn::BitCast(d, hn::InterleaveUpper(pairs, a, b))));
    }
#endif
}

/// The same, or its transpose: out's rows lie outStep apart; with cStep 0, A^T B + 1 c^T.
template<class S>
struct AnyDots : Dots<S> {
    Index outStep = 1, cStep = 1;
};

/// `few` elements of the result, of rows `row` and on, as far as there are such rows.
template<class S, class V>
HWY_INLINE void storeDots(const AnyDots<S>& dots, V sums, Index row, Index rows, Index column) {
    const hn::CappedTag<S, 16 / sizeof(S)> d;
    S* out = dots.out + row * dots.outStep + column * dots.outStride;
    if (HWY_LIKELY(dots.outStep == 1 && row + few<S> <= rows)) {
        if (dots.c)
            sums = hn::Add(sums, dots.cStep == 1 ? hn::LoadU(d, dots.c + row) : hn::Set(d, dots.c[column]));
        hn::StoreU(sums, d, out);
        return;
    }
    HWY_ALIGN S single[few<S>];
    hn::Store(sums, d, single);
    for (Index i = 0; i < std::min(few<S>, rows - row); ++i)
        out[i * dots.outStep] = single[i] + (dots.c ? dots.c[dots.cStep == 1 ? row + i : column] : S(0));
}

/// How many rows of a tile of dot products; where there are fewer, the last one stands for those.
constexpr int dotRows = 4;

/// A vector of terms from k on. Behind the last one there is nothing, or, where the instruction set cannot
/// leave that alone, the vector begins earlier and what belongs to the vector before counts as 0.
template<class D>
struct Terms {
    D d;
    Index k;
    hn::Mask<D> counted;

    HWY_INLINE Terms(D tag, Index first, Index end) : d(tag), k(first) {
        const Index lanes = static_cast<Index>(hn::Lanes(d));
#if HWY_MEM_OPS_MIGHT_FAULT
        k = std::min(first, end - lanes);
        counted = hn::Not(hn::FirstN(d, static_cast<std::size_t>(first - k)));
#else
        counted = hn::FirstN(d, static_cast<std::size_t>(std::min(end - first, lanes)));
#endif
    }
    /// (Not a plain load also where all lanes count: g++ 12 would repeat that in each multiply-add.)
    HWY_INLINE hn::Vec<D> load(const hn::TFromD<D>* from) const {
#if HWY_MEM_OPS_MIGHT_FAULT
        return hn::IfThenElseZero(counted, hn::LoadU(d, from + k));
#else
        return hn::MaskedLoad(counted, d, from + k);
#endif
    }
};

/// Some elements of out = A^T B + c 1^T, lanes along the terms, of which there are at least as many.
template<int columns, class D>
HWY_INLINE void computeDots(D d, const AnyDots<hn::TFromD<D>>& dots, Index row, Index rows, Index column) {
    using V = hn::Vec<D>;
    using S = hn::TFromD<D>;
    const auto rowOf = [&](int i) { return dots.a + std::min(row + i, rows - 1) * dots.aStride; };
    const S *a0 = rowOf(0), *a1 = rowOf(1), *a2 = rowOf(2), *a3 = rowOf(3);
    const S* b = dots.b + column * dots.bStride;
    const Index bStride = dots.bStride, lanes = static_cast<Index>(hn::Lanes(d));
    V sums[columns * dotRows];
#pragma GCC unroll 24
    for (int i = 0; i < columns * dotRows; ++i)
        sums[i] = hn::Zero(d);
    for (Index k = 0; k < dots.terms; k += lanes) {
        const Terms<D> terms(d, k, dots.terms);
        const V f0 = terms.load(a0), f1 = terms.load(a1), f2 = terms.load(a2), f3 = terms.load(a3);
#pragma GCC unroll 6
        for (int j = 0; j < columns; ++j) {
            const V factor = terms.load(b + j * bStride);
            sums[4 * j] = hn::MulAdd(f0, factor, sums[4 * j]);
            sums[4 * j + 1] = hn::MulAdd(f1, factor, sums[4 * j + 1]);
            sums[4 * j + 2] = hn::MulAdd(f2, factor, sums[4 * j + 2]);
            sums[4 * j + 3] = hn::MulAdd(f3, factor, sums[4 * j + 3]);
        }
    }
#pragma GCC unroll 6
    for (int j = 0; j < columns; ++j)
#pragma GCC unroll 4
        for (int i = 0; i < dotRows; i += few<S>)
            if (row + i < rows) storeDots(dots, sumsOfLanes(d, sums + 4 * j + i), row + i, rows, column + j);
}

/// All rows of some columns; a last tile that lacks rows begins earlier.
template<int columns, class D>
void computeDotColumns(D d, const AnyDots<hn::TFromD<D>>& dots, Index column, Index rows) {
    for (Index row = 0; row < rows; row += dotRows)
        computeDots<columns>(d, dots, std::max<Index>(0, std::min(row, rows - dotRows)), rows, column);
}

template<class D>
void computeDotsIn(D d, const AnyDots<hn::TFromD<D>>& dots, Index rows, Index columns) {
    if constexpr (hn::MaxLanes(D()) * sizeof(hn::TFromD<D>) > 16)
        if (dots.terms < static_cast<Index>(hn::Lanes(d)))
            return computeDotsIn(hn::Half<D>(), dots, rows, columns);
    Index j = 0;
    for (Index left = columns; left > 0; left = columns - j) {
        if (left >= 10 || left == 6) // 7 to 9 are better as two tiles of about the same width
            computeDotColumns<6>(d, dots, j, rows), j += 6;
        else if (left >= 7 || left == 4)
            computeDotColumns<4>(d, dots, j, rows), j += 4;
        else if (left == 5)
            computeDotColumns<5>(d, dots, j, rows), j += 5;
        else if (left == 3)
            computeDotColumns<3>(d, dots, j, rows), j += 3;
        else if (left == 2)
            computeDotColumns<2>(d, dots, j, rows), j += 2;
        else
            computeDotColumns<1>(d, dots, j, rows), j += 1;
    }
}

template<class S>
void computeAllDots(const Dots<S>& dots, Index rows, Index columns) {
    if (dots.terms < few<S>) {
        for (Index j = 0; j < columns; ++j)
            for (Index i = 0; i < rows; ++i) {
                S sum = dots.c ? dots.c[i] : S(0);
                for (Index k = 0; k < dots.terms; ++k)
                    sum += dots.a[k + i * dots.aStride] * dots.b[k + j * dots.bStride];
                dots.out[i + j * dots.outStride] = sum;
            }
        return;
    }
    const hn::ScalableTag<S> d;
    if (rows >= dotRows || columns < dotRows) return computeDotsIn(d, AnyDots<S>{dots}, rows, columns);
    // the transpose of the result, whose columns make tiles of rows
    computeDotsIn(d,
                  AnyDots<S>{{dots.b, dots.bStride, dots.a, dots.aStride, dots.c, dots.out, 1, dots.terms},
                             dots.outStride,
                             0},
                  columns, rows);
}

/// Side of the squares that are transposed in registers, by interleaving: 4 in float, 2 in double.
template<class S>
constexpr Index side = few<S>;

/// As many squares below each other as a vector has blocks of 16 bytes.
#if HWY_TARGET == HWY_SCALAR
template<class D>
HWY_INLINE void transposeSquares(D, const hn::TFromD<D>* a, Index, hn::TFromD<D>* t, Index) {
    *t = *a;
}
#else
template<class D>
HWY_INLINE void transposeSquares(D d, const hn::TFromD<D>* a, Index aStride, hn::TFromD<D>* t,
                                 Index tStride) {
    using S = hn::TFromD<D>;
    const Index next = side<S> * tStride;
    const auto c0 = hn::LoadU(d, a);
    if constexpr (side<S> == 2) {
        const auto c1 = hn::LoadU(d, a + aStride);
        storeBlocks(d, hn::InterleaveLower(d, c0, c1), t, next);
        storeBlocks(d, hn::InterleaveUpper(d, c0, c1), t + tStride, next);
    } else {
        const auto c1 = hn::LoadU(d, a + aStride);
        const auto c2 = hn::LoadU(d, a + 2 * aStride), c3 = hn::LoadU(d, a + 3 * aStride);
        const auto even = hn::InterleaveLower(d, c0, c2), odd = hn::InterleaveLower(d, c1, c3);
        const auto evenUpper = hn::InterleaveUpper(d, c0, c2), oddUpper = hn::InterleaveUpper(d, c1, c3);
        storeBlocks(d, hn::InterleaveLower(d, even, odd), t, next);
        storeBlocks(d, hn::InterleaveUpper(d, even, odd), t + tStride, next);
        storeBlocks(d, hn::InterleaveLower(d, evenUpper, oddUpper), t + 2 * tStride, next);
        storeBlocks(d, hn::InterleaveUpper(d, evenUpper, oddUpper), t + 3 * tStride, next);
    }
}

#endif

/// Rows i and on of as many columns as a square has: whole vectors of rows, then shorter ones, then one by
/// one.
template<class D>
HWY_INLINE void transposeRows(D d, const hn::TFromD<D>* a, Index stride, Index i, Index rows, Index columns,
                              hn::TFromD<D>* t) {
    using S = hn::TFromD<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    for (; i + lanes <= rows; i += lanes)
        transposeSquares(d, a + i, stride, t + i * columns, columns);
    if constexpr (hn::MaxLanes(D()) > side<S>) {
        if (i < rows) transposeRows(hn::Half<D>(), a, stride, i, rows, columns, t);
    } else {
        for (; i < rows; ++i)
            for (Index c = 0; c < side<S>; ++c)
                t[c + i * columns] = a[i + c * stride];
    }
}

/// t = A^T without gaps between its columns.
template<class S>
void transpose(const S* a, Index stride, Index rows, Index columns, S* t) {
    Index j = 0;
    for (; j + side<S> <= columns; j += side<S>)
        transposeRows(hn::ScalableTag<S>(), a + j * stride, stride, 0, rows, columns, t + j);
    for (; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            t[j + i * columns] = a[i + j * stride];
}

/// Up to so many rows make a strip, which would fill a vector badly.
constexpr Index stripRows = 4;

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

/// Up to so many terms, a product is reading and writing its result.
constexpr int mostRanks = 8;

/// How many vectors of A's columns, so many of each, stay in registers.
constexpr int rankVectors(int terms) {
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
    constexpr int registers = 10;
#else
    constexpr int registers = 24;
#endif
    return std::clamp(registers / terms, 1, 8);
}

/// So many vectors of rows of columns first, ..., end - 1 with few terms: A's numbers for them stay in
/// registers, where they are multiplied by a rate at once. (So that a step costs no multiply-add more than
/// the product, of which 6 terms have 6: 5 % at batch 6.)
template<int terms, int vectors, class D>
HWY_INLINE void computeRankRows(D d, const Product<hn::TFromD<D>>& product, Index row, Index first,
                                Index end) {
    using S = hn::TFromD<D>;
    using V = hn::Vec<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    // Copies, since for all that the compiler knows the results are stored over them.
    const Index termStride = product.termStride, columnStride = product.columnStride;
    const Index outStride = product.outStride;
    const V rate = hn::Set(d, product.rate);
    const bool subtract = product.rate != 0;
    V a[terms * vectors];
#pragma GCC unroll 24
    for (int i = 0; i < terms * vectors; ++i) {
        a[i] = hn::LoadU(d, product.a + row + i % vectors * lanes + i / vectors * product.aStride);
        if (subtract) a[i] = hn::Mul(a[i], rate);
    }
    const S* c = product.c ? product.c + row : nullptr;
    const std::int32_t* places = product.places;
    const S* const b0 = product.b;
    S* const out0 = product.out + row;
    for (Index j = first; j < end; ++j) {
        const Index column = places ? places[j] : j;
        const S* b = b0 + column * columnStride;
        S* out = out0 + column * outStride;
        V sums[vectors];
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            sums[v] = c ? hn::LoadU(d, c + v * lanes) : hn::Zero(d);
#pragma GCC unroll 8
        for (int k = 0; k < terms; ++k) {
            const V factor = hn::Set(d, b[k * termStride]);
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v)
                sums[v] = hn::MulAdd(a[k * vectors + v], factor, sums[v]);
        }
        if (subtract) // all loads before the first store: one that reads what was just stored waits
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v)
                sums[v] = hn::Sub(hn::LoadU(d, out + v * lanes), sums[v]);
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(sums[v], d, out + v * lanes);
    }
}

/// All rows from `row` on, up to `most` vectors together, what is left over in shorter ones.
template<int terms, int most, class D>
HWY_INLINE void computeRankColumns(D d, const Product<hn::TFromD<D>>& product, Index row, Index rows,
                                   Index first, Index end) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    for (; rows - row >= most * lanes; row += most * lanes)
        computeRankRows<terms, most>(d, product, row, first, end);
    if (row == rows) return;
#if HWY_TARGET <= HWY_AVX3
    if constexpr (most == 1 && takesBlocks<D>)
        if (product.columnStride == 1 && !product.c && !product.places) {
            for (; rows - row >= 4; row += 4)
                computeRankRows<terms, 1>(hn::CappedTag<float, 4>(), product, row,
                                          computeRankBlocks<terms>(d, product, row, first, end), end);
            if (row == rows) return;
        }
#endif
    if constexpr (most > 1)
        computeRankColumns<terms, most - 1>(d, product, row, rows, first, end);
    else if constexpr (hn::MaxLanes(D()) > 1)
        computeRankColumns<terms, 1>(hn::Half<D>(), product, row, rows, first, end);
}

/// A B with few terms, which is reading and writing the result: column by column, some of them together so
/// that all of their rows pass while they are in the nearest cache. (The rows left over go through shorter
/// vectors: storing some lanes of a vector takes three times as long, and to go along the memory in whole
/// lines, whatever columns they belong to, twice. 100 x 784, 6 terms, subtracted: 4.9 us.)
template<int terms, class S>
void computeRanks(const Product<S>& product, Index rows, Index columns) {
    constexpr Index nearest = 24 << 10; // bytes
    const Index atOnce = std::clamp<Index>(nearest / static_cast<Index>(sizeof(S)) / rows / 4 * 4, 16, 128);
    for (Index first = 0; first < columns; first += atOnce)
        computeRankColumns<terms, rankVectors(terms)>(hn::ScalableTag<S>(), product, 0, rows, first,
                                                      std::min(first + atOnce, columns));
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
