// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/product_kernels.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "engine/core/vector_targets.h" // before Highway
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/product_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "engine/core/matrix_passes-inl.h"
#include "engine/core/product_bands-inl.h"
#include "engine/core/product_parts-inl.h"

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Stores the first or the last `count` lanes, at least one, in shorter and shorter vectors. (A masked store
/// takes three times as long.)
template<bool first, class D>
HWY_INLINE void storeLanes(D d, hn::Vec<D> values, Index count, hn::TFromD<D>* out) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if (count == lanes) return hn::StoreU(values, d, out);
#if HWY_TARGET != HWY_SCALAR
    if constexpr (hn::MaxLanes(D()) > 1) {
        const hn::Half<D> half;
        const Index beyond = count - lanes / 2;
        const auto lower = hn::LowerHalf(half, values), upper = hn::UpperHalf(half, values);
        if (beyond < 0)
            return storeLanes<first>(half, first ? lower : upper, count, first ? out : out + lanes / 2);
        hn::StoreU(first ? lower : upper, half, first ? out : out + lanes / 2);
        if (beyond > 0) storeLanes<first>(half, first ? upper : lower, beyond, first ? out + lanes / 2 : out);
    }
#endif
}

/// Where some vectors of rows begin.
template<class Tag, Chosen what>
struct Rows {
    using D = Tag;
    static constexpr Chosen chosen = what;
    D d;
    Index first;

    HWY_INLINE Index lanes() const { return static_cast<Index>(hn::Lanes(d)); }
    HWY_INLINE Index begin(int vector) const { return first + vector * lanes(); }
    HWY_INLINE hn::Vec<D> load(const hn::TFromD<D>* from) const { return hn::LoadU(d, from); }
    HWY_INLINE void store(hn::Vec<D> values, hn::TFromD<D>* out) const { hn::StoreU(values, d, out); }
};

/// The last rows, fewer than a vector has lanes: it begins so early that it ends with them.
template<class Tag, Chosen what>
struct LastRows : Rows<Tag, what> {
    Index own;

    HWY_INLINE void store(hn::Vec<Tag> values, hn::TFromD<Tag>* out) const {
        storeLanes<false>(this->d, values, own, out);
    }
};

#if !HWY_MEM_OPS_MIGHT_FAULT
/// Fewer rows than a vector has lanes, but more than half as many.
template<class Tag, Chosen what>
struct FewRows {
    using D = Tag;
    static constexpr Chosen chosen = what;
    D d;
    Index first, count;
    hn::Mask<D> mask = hn::FirstN(d, static_cast<std::size_t>(count));

    HWY_INLINE Index begin(int) const { return first; }
    HWY_INLINE hn::Vec<D> load(const hn::TFromD<D>* from) const { return hn::MaskedLoad(mask, d, from); }
    HWY_INLINE void store(hn::Vec<D> values, hn::TFromD<D>* out) const {
        storeLanes<true>(d, values, count, out);
    }
};
#endif

/// A tile of the result in registers: `vectors` vectors of rows by `columns`. (Unrolled by hand: g++ 12 keeps
/// the sums in memory otherwise, which costs as much as 6 terms.)
template<int vectors, int columns, class R, class S>
HWY_INLINE void computeTile(const R& rows, const Product<S>& product, Index column) {
    using V = hn::Vec<typename R::D>;
    constexpr bool someTerms = R::chosen == Chosen::terms, someColumns = R::chosen == Chosen::columns;
    const auto d = rows.d;
    Index begin[vectors];
#pragma GCC unroll 16
    for (int v = 0; v < vectors; ++v)
        begin[v] = rows.begin(v);
    V sums[vectors * columns];
#pragma GCC unroll 16
    for (int j = 0; j < columns; ++j)
#pragma GCC unroll 16
        for (int v = 0; v < vectors; ++v)
            sums[j * vectors + v] =
                product.c ? rows.load(product.c + begin[v] + (column + j) * product.cStride) : hn::Zero(d);
    // From which of the tile's columns to which: counted from the first, or where places tell, from 0.
    const auto columnOf = [&](int j) -> Index { return someColumns ? product.places[column + j] : j; };
    const Index origin = someColumns ? 0 : column;
    const S* a = product.a;
    const S* const b0 = product.b + origin * product.columnStride;
    const S* b = b0;
    S* const out = product.out + origin * product.outStride;
    Index at[columns];
#pragma GCC unroll 16
    for (int j = 0; j < columns; ++j)
        at[j] = columnOf(j) * product.columnStride;
    // Lines on their way while the sums grow: those of the result that is changed, of A when its numbers are
    // needed for the first time, and of B where terms lie far apart. On two threads, where half of them come
    // from the other core, 2 % of the update and 4 % of the forward product of 784 x 100 with 30 columns; on
    // one thread 2 % of either.
    if (product.rate != 0)
#pragma GCC unroll 16
        for (int j = 0; j < columns; ++j)
#pragma GCC unroll 16
            for (int v = 0; v < vectors; ++v)
                __builtin_prefetch(out + begin[v] + columnOf(j) * product.outStride, 1);
    constexpr Index termsAhead = 8, lineAhead = 64 / sizeof(S);
    const bool firstUse = column == 0, farApart = product.columnStride == 1;
    for (Index k = 0; k < product.terms; ++k, a += product.aStride, b += product.termStride) {
        V factors[vectors];
        if constexpr (someTerms) {
            a = product.a + product.places[k] * product.aStride;
            b = b0 + product.places[k] * product.termStride;
        }
        if (firstUse) {
            const S* next = a + termsAhead * product.aStride;
            if constexpr (someTerms)
                next =
                    product.a + product.places[std::min(k + termsAhead, product.terms - 1)] * product.aStride;
#pragma GCC unroll 16
            for (int v = 0; v < vectors; ++v)
                __builtin_prefetch(next + begin[v]);
        }
        if (farApart) __builtin_prefetch(b + lineAhead);
#pragma GCC unroll 16
        for (int v = 0; v < vectors; ++v)
            factors[v] = rows.load(a + begin[v]);
#pragma GCC unroll 16
        for (int j = 0; j < columns; ++j) {
            const V factor = hn::Set(d, b[someColumns ? at[j] : j * product.columnStride]);
#pragma GCC unroll 16
            for (int v = 0; v < vectors; ++v)
                sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
        }
    }
    const V rate = hn::Set(d, product.rate);
#pragma GCC unroll 16
    for (int j = 0; j < columns; ++j) {
        S* const to = out + columnOf(j) * product.outStride;
        if (product.rate != 0) // all loads before the first store: one that reads what was just stored waits
#pragma GCC unroll 16
            for (int v = 0; v < vectors; ++v)
                sums[j * vectors + v] = hn::NegMulAdd(rate, sums[j * vectors + v], rows.load(to + begin[v]));
#pragma GCC unroll 16
        for (int v = 0; v < vectors; ++v)
            rows.store(sums[j * vectors + v], to + begin[v]);
    }
}

/// Columns `from` and on in tiles of `columns`, what is left in smaller ones.
template<int vectors, int columns, int... smaller, class R, class S>
HWY_INLINE void computeColumns(const R& rows, const Product<S>& product, Index from, Index end) {
    for (; from + columns <= end; from += columns)
        computeTile<vectors, columns>(rows, product, from);
    if constexpr (sizeof...(smaller) > 0)
        if (from < end) computeColumns<vectors, smaller...>(rows, product, from, end);
}

/// All columns of some rows, as many at a time as leave registers for the factors; enough sums at once to
/// hide the latency of a multiply-add.
template<int vectors, class R, class S>
void computeRows(R rows, const Product<S>& product, Index columns) {
    if constexpr (vectors == 1)
        computeColumns<1, 10, 8, 6, 4, 2, 1>(rows, product, 0, columns);
    else
        computeColumns<vectors, 6, 4, 2, 1>(rows, product, 0, columns);
}

/// The rows from `first` on in vectors of D, up to `most` of them together, what is left in the shortest
/// vectors that cover it.
template<int most, Chosen chosen = Chosen::nothing, class D>
void computeFrom(D d, Index first, const Product<hn::TFromD<D>>& product, Index count, Index columns) {
    Rows<D, chosen> rows{d, first};
    const Index lanes = rows.lanes();
    const auto next = [&](auto vectors) {
        computeRows<vectors>(rows, product, columns);
        rows.first += vectors * lanes;
    };
    Index left = (count - first) / lanes; // whole vectors
    if constexpr (most >= 4) {
        for (; left == 4 || left > 6; left -= 4)
            next(std::integral_constant<int, 4>());
        for (; left >= 3; left -= 3) // 6 are better as 3 and 3 than as 4 and 2
            next(std::integral_constant<int, 3>());
    }
    if constexpr (most >= 2)
        for (; left >= 2; left -= 2)
            next(std::integral_constant<int, 2>());
    if (left == 1) next(std::integral_constant<int, 1>());

    const Index rest = count - rows.first;
    if (rest == 0) return;
#if !HWY_MEM_OPS_MIGHT_FAULT
    if (count < lanes && rest > lanes / 2)
        return computeRows<1>(FewRows<D, chosen>{d, rows.first, rest}, product, columns);
#endif
    if constexpr (hn::MaxLanes(D()) > 1)
        if (rest <= lanes / 2 || count < lanes)
            return computeFrom<1, chosen>(hn::Half<D>(), rows.first, product, count, columns);
    computeRows<1>(LastRows<D, chosen>{{d, count - lanes}, rest}, product, columns);
}

/// Few rows of D H^T (B's columns lie contiguous): its transpose, in pieces that go over into the result.
template<class S>
void computeStripOfColumns(const Product<S>& product, Index first, Index rows, Index columns) {
    constexpr Index most = 256 / sizeof(S); // columns
    const hn::CappedTag<S, 1> one;
    const hn::CappedTag<S, side<S>> block;
    S piece[stripRows * most];
    Product<S> transposed{
        product.b, product.termStride, product.a + first, product.aStride, 1, nullptr, 0, piece,
        most,      product.terms};
    for (Index done = 0; done < columns; done += most, transposed.a += most) {
        const Index wide = std::min(most, columns - done);
        computeFrom<together>(hn::ScalableTag<S>(), 0, transposed, wide, rows);
        S* out = product.out + first + done * product.outStride;
        Index j = 0;
        if (rows == side<S>) // a square of the piece is vectors of the result
            for (; j + side<S> <= wide; j += side<S>, out += side<S> * product.outStride) {
                HWY_ALIGN S square[side<S> * side<S>];
                transposeSquares(block, piece + j, most, square, side<S>);
                for (Index i = 0; i < side<S>; ++i) {
                    auto sums = hn::Load(block, square + i * side<S>);
                    if (product.rate != 0)
                        sums = hn::NegMulAdd(hn::Set(block, product.rate), sums,
                                             hn::LoadU(block, out + i * product.outStride));
                    hn::StoreU(sums, block, out + i * product.outStride);
                }
            }
        for (; j < wide; ++j, out += product.outStride)
            for (Index i = 0; i < rows; ++i) {
                auto sum = hn::Set(one, piece[j + i * most]);
                if (product.rate != 0)
                    sum = hn::NegMulAdd(hn::Set(one, product.rate), sum, hn::Set(one, out[i]));
                out[i] = hn::GetLane(sum);
            }
    }
}

/// In blocks of so many terms that the factors of a tile's rows stay in the nearest cache for all columns:
/// the sums go on in `out`, in the same order.
template<Chosen chosen = Chosen::nothing, class S>
void computeBlocks(const Product<S>& product, Index rows, Index columns) {
    const hn::ScalableTag<S> d;
    constexpr Index most = 544 / sizeof(S);
    // Terms that lie scattered are fetched anew for each tile as soon as they do not stay. (On MNIST, batch
    // 60, with the lines fetched ahead in computeTile(): 71 to 66 us on two threads, 108 to 106 on one.)
    constexpr Index atMost = chosen == Chosen::terms ? most : 2 * most;
    if (product.terms <= atMost || product.rate != 0)
        return computeFrom<together, chosen>(d, 0, product, rows, columns);
    const Index blocks = (product.terms + most - 1) / most, block = (product.terms + blocks - 1) / blocks;
    Product<S> part = product;
    for (Index first = 0; first < product.terms; first += block) {
        part.terms = std::min(block, product.terms - first);
        computeFrom<together, chosen>(d, 0, part, rows, columns);
        if constexpr (chosen == Chosen::terms) {
            part.places += block;
        } else {
            part.a += block * product.aStride;
            part.b += block * product.termStride;
        }
        part.c = part.out; // goes on from there
        part.cStride = part.outStride;
    }
}

/// The rows that would fill a vector badly, and how they are computed instead.
struct Strip {
    Index rows;
    bool dots, turned;
    bool apart() const { return dots || turned; }
};

template<class S>
Strip stripOf(const Product<S>& product, Index rows, Index columns) {
    const Index lanes = static_cast<Index>(hn::Lanes(hn::ScalableTag<S>()));
    const Index strip = rows % lanes <= stripRows ? rows % lanes : 0;
    return {strip,
            strip > 0 && product.termStride == 1 && product.terms >= 4 * lanes &&
                product.terms <= static_cast<Index>(4096 / sizeof(S)) && !product.inOrder,
            strip > 0 && product.columnStride == 1 && columns >= 2 * lanes && !product.c};
}

template<class S>
void compute(const Product<S>& product, Index rows, Index columns) {
    const hn::ScalableTag<S> d;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if (product.cStride != 0) return computeBlocks(product, rows, columns);
    if (rows <= lanes && product.terms <= mostNarrowTerms && computeIfNarrow(d, product, rows, columns))
        return;
    if (rows > stripRows && rows <= lanes / 2) // small: nothing of the rest pays
        return computeFrom<1>(hn::Half<decltype(d)>(), 0, product, rows, columns);
    if (rows >= lanes && product.terms <= mostRanks)
        return computeRanksOf(product, rows, columns, std::make_integer_sequence<int, mostRanks>());
    if (rows >= 4 * lanes && columns <= 6 && product.rate == 0)
        return computeFewColumns(d, product, rows, columns);
    const Strip strip = stripOf(product, rows, columns);
    const Index whole = rows - strip.rows;
    if (strip.dots) computeStripOfDots(product, whole, strip.rows, columns);
    if (strip.turned) computeStripOfColumns(product, whole, strip.rows, columns);
    if (whole > 0 || !strip.apart()) computeBlocks(product, strip.apart() ? whole : rows, columns);
}

/// The same without terms that add nothing: a sum stays what it is when 0 is added. Strips, which are one in
/// twenty of the multiply-adds of 100 rows, go through all terms, so that their order stays too. (With
/// computeColumnsAt() a step of 784-100-100-100-10 on MNIST takes 0.71, 0.78 and 0.85 of the time at batch 1,
/// 6 and 60.)
template<class S>
void computeTerms(const Product<S>& product, Places chosen, Index rows, Index columns) {
    const hn::ScalableTag<S> d;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    if (rows < 4 * lanes || product.terms <= mostRanks || product.cStride != 0 || product.rate != 0)
        return compute(product, rows, columns);
    Product<S> some = product;
    some.places = chosen.places;
    some.terms = chosen.count;
    some.a -= chosen.first * product.aStride;
    some.b -= chosen.first * product.termStride;
    if (columns <= 6) return computeFewColumns<Chosen::terms>(d, some, rows, columns);
    const Strip strip = stripOf(product, rows, columns);
    if (strip.dots) computeStripOfDots(product, rows - strip.rows, strip.rows, columns);
    computeBlocks<Chosen::terms>(some, strip.dots ? rows - strip.rows : rows, columns);
}

/// The same without columns from which nothing is subtracted.
template<class S>
void computeColumnsAt(const Product<S>& product, Places chosen, Index rows, Index columns) {
    const Index lanes = static_cast<Index>(hn::Lanes(hn::ScalableTag<S>()));
    if (rows < 4 * lanes || product.cStride != 0 || product.rate == 0) return compute(product, rows, columns);
    Product<S> some = product;
    some.places = chosen.places;
    some.b -= chosen.first * product.columnStride;
    some.out -= chosen.first * product.outStride;
    if (product.terms <= mostRanks)
        return computeRanksOf(some, rows, chosen.count, std::make_integer_sequence<int, mostRanks>());
    const Strip strip = stripOf(product, rows, columns);
    if (strip.turned) computeStripOfColumns(product, rows - strip.rows, strip.rows, columns);
    computeBlocks<Chosen::columns>(some, strip.turned ? rows - strip.rows : rows, chosen.count);
}

template<class S>
ProductKernels<S> kernels() {
    return {compute<S>,   computeTerms<S>, computeColumnsAt<S>, nonzeroRows<S>, computeAllDots<S>,
            transpose<S>, sumRows<S>,      largest<S>,          descendAlong<S>};
}
ProductKernels<float> floatKernels() {
    return kernels<float>();
}
ProductKernels<double> doubleKernels() {
    return kernels<double>();
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatKernels);
HWY_EXPORT(doubleKernels);

template<>
const ProductKernels<float>& productKernels() {
    static const ProductKernels<float> chosen = HWY_DYNAMIC_DISPATCH(floatKernels)();
    return chosen;
}

template<>
const ProductKernels<double>& productKernels() {
    static const ProductKernels<double> chosen = HWY_DYNAMIC_DISPATCH(doubleKernels)();
    return chosen;
}

} // namespace kappascope
#endif
