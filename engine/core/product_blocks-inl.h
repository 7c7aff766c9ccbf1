// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of 16 bytes in longer vectors, and what they are good for: four rows that are left over of vectors
// of 16 floats go through a whole vector with four columns, instead of a quarter of one with each. To the
// same bits. (In double, where reading and writing takes longer than multiplying and adding, that would not
// pay.) For product_parts-inl.h and product_kernels.cpp, hence the unusual guard.
#if defined(KAPPASCOPE_PRODUCT_BLOCKS) == defined(HWY_TARGET_TOGGLE)
#ifdef KAPPASCOPE_PRODUCT_BLOCKS
#undef KAPPASCOPE_PRODUCT_BLOCKS
#else
#define KAPPASCOPE_PRODUCT_BLOCKS
#endif

#include "engine/core/product_kernels.h"

#include <algorithm>
#include <cstdint>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Numbers in the shortest vector, of 16 bytes.
template<class S>
constexpr Index few = HWY_TARGET == HWY_SCALAR ? 1 : 16 / sizeof(S);

/// Calls write(d, block, out) for the blocks of a vector, their places `apart` from each other.
template<class D, class Write>
HWY_INLINE void forBlocks(D d, hn::Vec<D> v, hn::TFromD<D>* out, Index apart, const Write& write) {
#if HWY_TARGET != HWY_SCALAR
    if constexpr (hn::MaxLanes(D()) > few<hn::TFromD<D>>) {
        const hn::Half<D> half;
        forBlocks(half, hn::LowerHalf(half, v), out, apart, write);
        forBlocks(half, hn::UpperHalf(half, v),
                  out + static_cast<Index>(hn::Lanes(half)) / few<hn::TFromD<D>> * apart, apart, write);
    } else
#endif
        write(d, v, out);
}

template<class D>
HWY_INLINE void storeBlocks(D d, hn::Vec<D> v, hn::TFromD<D>* out, Index apart) {
    forBlocks(d, v, out, apart,
              [](auto block, auto values, auto* to) HWY_ATTR { hn::StoreU(values, block, to); });
}

/// Whether a vector of D takes four rows and columns.
template<class D>
constexpr bool takesBlocks = hn::MaxLanes(D()) == 16 && sizeof(hn::TFromD<D>) == 4;

#if HWY_TARGET <= HWY_AVX3
/// Four rows of a product with few terms, of as many of the columns first, ..., end - 1 as make up fours; B's
/// lie contiguous. Returns the first column left. (Of 100 x 784 with 6 terms, subtracted, the four rows left
/// over of 100 took an eighth of the multiply-adds: 5 % of the time.)
template<int terms, class D>
HWY_INLINE Index computeRankBlocks(D d, const Product<float>& product, Index row, Index first, Index end) {
    using V = hn::Vec<D>;
    constexpr Index atOnce = 4;
    const Index termStride = product.termStride, outStride = product.outStride;
    const bool subtract = product.rate != 0;
    // Of the four numbers in every block, that of the block in all of its lanes: bytes 0 to 3 in the first.
    const hn::Repartition<std::uint8_t, D> bytes;
    const hn::RebindToUnsigned<D> whole;
    const auto spread =
        hn::BitCast(bytes, hn::Add(hn::Mul(hn::ShiftRight<2>(hn::Iota(whole, 0)), hn::Set(whole, 0x04040404)),
                                   hn::Set(whole, 0x03020100)));
    V a[terms];
#pragma GCC unroll 8
    for (int k = 0; k < terms; ++k) {
        a[k] = hn::LoadDup128(d, product.a + row + k * product.aStride);
        if (subtract) a[k] = hn::Mul(a[k], hn::Set(d, product.rate));
    }
    for (; first + atOnce <= end; first += atOnce) {
        V sums = hn::Zero(d);
#pragma GCC unroll 8
        for (int k = 0; k < terms; ++k)
            sums = hn::MulAdd(
                a[k],
                hn::BitCast(d, hn::TableLookupBytes(
                                   hn::BitCast(bytes, hn::LoadDup128(d, product.b + first + k * termStride)),
                                   spread)),
                sums);
        float* out = product.out + row + first * outStride;
        if (subtract)
            forBlocks(d, sums, out, outStride, [](auto four, auto values, float* to) HWY_ATTR {
                hn::StoreU(hn::Sub(hn::LoadU(four, to), values), four, to);
            });
        else
            storeBlocks(d, sums, out, outStride);
    }
    return first;
}

/// Of four columns, from b on and `apart` from each other, what read(column) finds there, a block each;
/// behind the last of `count` columns that one again.
template<class D, class Read>
HWY_INLINE hn::Vec<D> fourColumns(D d, const float* b, Index apart, Index count, const Read& read) {
    const hn::Half<D> half;
    const auto of = [=](Index column) HWY_ATTR { return read(b + std::min(column, count - 1) * apart); };
    return hn::Combine(d, hn::Combine(half, of(3), of(2)), hn::Combine(half, of(1), of(0)));
}

/// The sums of a vector of rows, or a few, and of the last four rows, while the terms go by: see below.
template<int vectors, int columns, class D>
struct BandAndBlock {
    static constexpr int fours = (columns + 3) / 4;
    D d;
    const Product<float>& product;
    const float *a, *last; ///< the rows of the vectors, and the four, of the present term
    hn::Vec<D> sums[vectors * columns], blocks[fours];

    HWY_INLINE BandAndBlock(D tag, Index row, const Product<float>& p, Index rows)
        : d(tag), product(p), a(p.a + row), last(p.a + rows - 4) {
        const Index lanes = static_cast<Index>(hn::Lanes(d));
#pragma GCC unroll 24
        for (int i = 0; i < vectors * columns; ++i)
            sums[i] = p.c ? hn::LoadU(d, p.c + row + i % vectors * lanes) : hn::Zero(d);
#pragma GCC unroll 2
        for (int g = 0; g < fours; ++g)
            blocks[g] = p.c ? hn::LoadDup128(d, p.c + rows - 4) : hn::Zero(d);
    }

    /// The next term: B's numbers for the columns from b on, and spread(g) for the four from 4 g on, each in
    /// all lanes of a block.
    template<class Spread>
    HWY_INLINE void add(const float* b, const Spread& spread) {
        const Index lanes = static_cast<Index>(hn::Lanes(d)), columnStride = product.columnStride;
        hn::Vec<D> factors[vectors];
#pragma GCC unroll 4
        for (int v = 0; v < vectors; ++v)
            factors[v] = hn::LoadU(d, a + v * lanes);
#pragma GCC unroll 6
        for (int j = 0; j < columns; ++j) {
            const auto factor = hn::Set(d, b[j * columnStride]);
#pragma GCC unroll 4
            for (int v = 0; v < vectors; ++v)
                sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
        }
        const auto four = hn::LoadDup128(d, last);
#pragma GCC unroll 2
        for (int g = 0; g < fours; ++g)
            blocks[g] = hn::MulAdd(four, spread(g), blocks[g]);
        a += product.aStride;
        last += product.aStride;
    }
};

/// Some vectors of rows from `row` on and the last four rows, of some columns; B's terms lie contiguous, of
/// which four at a time are fetched for the block. (At 100 rows and 6 columns 38 multiply-adds a term instead
/// of 42: 5 % less time at 784 terms, 10 % at 100.)
template<int vectors, int columns, class D>
HWY_INLINE void computeBandAndBlock(D d, Index row, const Product<float>& product, Index column, Index rows) {
    using Band = BandAndBlock<vectors, columns, D>;
    constexpr int fours = Band::fours;
    const hn::CappedTag<float, 4> block;
    const Index apart = product.columnStride;
    Band band(d, row, product, rows);
    const float* b = product.b + column * apart;
    const float* end = b + product.terms;
    for (; end - b >= 4; b += 4) {
        hn::Vec<D> terms[fours];
#pragma GCC unroll 2
        for (int g = 0; g < fours; ++g)
            terms[g] = fourColumns(d, b + 4 * g * apart, apart, columns - 4 * g,
                                   [=](const float* from) HWY_ATTR { return hn::LoadU(block, from); });
        band.add(b, [&](int g) HWY_ATTR { return hn::Broadcast<0>(terms[g]); });
        band.add(b + 1, [&](int g) HWY_ATTR { return hn::Broadcast<1>(terms[g]); });
        band.add(b + 2, [&](int g) HWY_ATTR { return hn::Broadcast<2>(terms[g]); });
        band.add(b + 3, [&](int g) HWY_ATTR { return hn::Broadcast<3>(terms[g]); });
    }
    for (; b < end; ++b)
        band.add(b, [&](int g) HWY_ATTR {
            return fourColumns(d, b + 4 * g * apart, apart, columns - 4 * g,
                               [=](const float* from) HWY_ATTR { return hn::Set(block, *from); });
        });
    float* out = product.out + column * product.outStride;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
#pragma GCC unroll 24
    for (int i = 0; i < vectors * columns; ++i)
        hn::StoreU(band.sums[i], d, out + row + i % vectors * lanes + i / vectors * product.outStride);
    HWY_ALIGN float four[16 * fours];
#pragma GCC unroll 2
    for (int g = 0; g < fours; ++g)
        hn::Store(band.blocks[g], d, four + 16 * g);
#pragma GCC unroll 6
    for (int j = 0; j < columns; ++j)
        hn::StoreU(hn::Load(block, four + 4 * j), block, out + rows - 4 + j * product.outStride);
}
#endif

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
