// SPDX-License-Identifier: GPL-3.0-or-later
// Products with few columns. For product_kernels.cpp, once for each instruction set, hence the unusual guard.
#if defined(KAPPASCOPE_PRODUCT_BANDS) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_PRODUCT_BANDS
#undef KAPPASCOPE_PRODUCT_BANDS
#else
#define KAPPASCOPE_PRODUCT_BANDS
#endif

#include "engine/core/product_blocks-inl.h"
#include "engine/core/product_kernels.h"

#include <algorithm>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// What a product's places are of: nothing, where it has none.
enum class Chosen { nothing, terms, columns };

/// How many vectors of rows come together: with six columns their sums and factors take 29 of the 32
/// registers that AVX-512 and others have, or 15 of the 16 of AVX2 and SSE.
#if HWY_ARCH_X86 && HWY_TARGET > HWY_AVX3
constexpr int together = 2;
#else
constexpr int together = 4;
#endif

/// A product with few columns, which is reading A: all rows of a column of A together, as they lie, in eight
/// chains of sums or more. Rows that two vectors share are computed twice, to the same bits: 100 rows are
/// seven vectors of 16, where dot products with the last four rows took a fifth as long as all the others.
template<int vectors, int columns, Chosen chosen, class D>
HWY_INLINE void computeBand(D d, Index row, const Product<hn::TFromD<D>>& product, Index column, Index rows) {
    using S = hn::TFromD<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d)), columnStride = product.columnStride;
    Index begin[vectors];
    hn::Vec<D> sums[vectors * columns];
#pragma GCC unroll 8
    for (int v = 0; v < vectors; ++v) {
        begin[v] = std::min(row + v * lanes, rows - lanes);
#pragma GCC unroll 8
        for (int j = 0; j < columns; ++j)
            sums[j * vectors + v] = product.c ? hn::LoadU(d, product.c + begin[v]) : hn::Zero(d);
    }
    const S* a = product.a;
    const S* const b0 = product.b + column * columnStride;
    const S* b = b0;
    for (Index k = 0; k < product.terms; ++k, a += product.aStride, b += product.termStride) {
        if constexpr (chosen == Chosen::terms) {
            a = product.a + product.places[k] * product.aStride;
            b = b0 + product.places[k] * product.termStride;
        }
        hn::Vec<D> factors[vectors];
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            factors[v] = hn::LoadU(d, a + begin[v]);
#pragma GCC unroll 8
        for (int j = 0; j < columns; ++j) {
            const auto factor = hn::Set(d, b[j * columnStride]);
#pragma GCC unroll 8
            for (int v = 0; v < vectors; ++v)
                sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
        }
    }
#pragma GCC unroll 8
    for (int j = 0; j < columns; ++j)
#pragma GCC unroll 8
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(sums[j * vectors + v], d, product.out + begin[v] + (column + j) * product.outStride);
}

/// Bands of up to so many vectors for some columns at once.
template<Chosen chosen, int columns, int most, int fewer, int fewest, class D>
void computeBands(D d, const Product<hn::TFromD<D>>& product, Index column, Index rows) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index row = 0;
    for (; rows - row > (most - 1) * lanes && rows - row != fewer * lanes; row += most * lanes)
        computeBand<most, columns, chosen>(d, row, product, column, rows);
    for (; rows - row > fewest * lanes; row += fewer * lanes)
        computeBand<fewer, columns, chosen>(d, row, product, column, rows);
    if (rows - row > 0) computeBand<fewest, columns, chosen>(d, row, product, column, rows);
}

#if HWY_TARGET <= HWY_AVX3
/// Bands of up to four vectors, the last of up to three with the last four rows. (Four columns are fewer
/// multiply-adds than a term takes to fetch: they took a sixth longer so.)
template<int columns, class D>
void computeBandsAndBlock(D d, const Product<float>& product, Index rows) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index row = 0, left = rows / lanes;
    for (; left > 4; left -= 4, row += 4 * lanes)
        computeBand<4, columns, Chosen::nothing>(d, row, product, 0, rows);
    if (left == 4) {
        computeBand<3, columns, Chosen::nothing>(d, row, product, 0, rows);
        left = 1;
        row += 3 * lanes;
    }
    if (left == 3) return computeBandAndBlock<3, columns>(d, row, product, 0, rows);
    if (left == 2) return computeBandAndBlock<2, columns>(d, row, product, 0, rows);
    computeBandAndBlock<1, columns>(d, row, product, 0, rows);
}
#endif

template<Chosen chosen = Chosen::nothing, class D>
void computeFewColumns(D d, const Product<hn::TFromD<D>>& product, Index rows, Index columns) {
#if HWY_TARGET <= HWY_AVX3
    if constexpr (takesBlocks<D> && chosen == Chosen::nothing) {
        const Index rest = rows % static_cast<Index>(hn::Lanes(d));
        if (columns == 6 && product.termStride == 1 && rest > 0 && rest <= 4)
            return computeBandsAndBlock<6>(d, product, rows);
    }
#endif
    if (columns <= 2)
        for (Index j = 0; j < columns; ++j)
            computeBands<chosen, 1, 8, 7, 4>(d, product, j, rows);
    else if (columns == 3)
        computeBands<chosen, 3, together, together - 1, 1>(d, product, 0, rows);
    else if (columns == 4)
        computeBands<chosen, 4, together, together - 1, 1>(d, product, 0, rows);
    else if (columns == 5)
        computeBands<chosen, 5, together, together - 1, 1>(d, product, 0, rows);
    else
        computeBands<chosen, 6, together, together - 1, 1>(d, product, 0, rows);
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
