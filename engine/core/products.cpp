// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"

#include "engine/core/product_kernels.h"

#include <algorithm>

// Highway compiles what stands between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once for each instruction
// set that the build does not already take for granted, and calls the best one that the machine has.
// (SSE4 would win little over the baseline, and AVX3_DL nothing over AVX3: both only cost compile time.)
#define HWY_DISABLED_TARGETS (HWY_SSE4 | HWY_AVX3_DL)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/core/products.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace kappascope::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// A tile of C in registers: `vectors` vectors of rows by `columns`. Where the rows are no multiple of the
/// lanes, the last vector starts earlier and computes some rows again, to the same bits: nothing is masked,
/// nothing read beyond its end.
template<int vectors, int columns, class D>
HWY_INLINE void computeTile(D d, const Product<hn::TFromD<D>>& product, Index row, Index rows, Index column) {
    using V = hn::Vec<D>;
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    Index offsets[vectors];
    for (int v = 0; v < vectors; ++v)
        offsets[v] = std::min(row + v * lanes, rows - lanes);
    V sums[vectors * columns];
    for (int v = 0; v < vectors; ++v) {
        const V start = product.c ? hn::LoadU(d, product.c + offsets[v]) : hn::Zero(d);
        for (int j = 0; j < columns; ++j)
            sums[j * vectors + v] = start;
    }
    const auto* a = product.a;
    const auto* b = product.b + column * product.columnStride;
    for (Index k = 0; k < product.terms; ++k, a += product.aStride, b += product.termStride) {
        V factors[vectors];
        for (int v = 0; v < vectors; ++v)
            factors[v] = hn::LoadU(d, a + offsets[v]);
        for (int j = 0; j < columns; ++j) {
            const V factor = hn::Set(d, b[j * product.columnStride]);
            for (int v = 0; v < vectors; ++v)
                sums[j * vectors + v] = hn::MulAdd(factors[v], factor, sums[j * vectors + v]);
        }
    }
    for (int j = 0; j < columns; ++j)
        for (int v = 0; v < vectors; ++v)
            hn::StoreU(sums[j * vectors + v], d, product.out + offsets[v] + (column + j) * product.outStride);
}

/// All columns of some rows, as many columns at a time as leave registers for the factors.
template<int vectors, class D>
void computeRows(D d, const Product<hn::TFromD<D>>& product, Index row, Index rows, Index columns) {
    constexpr int atOnce = vectors == 1 ? 8 : vectors == 4 ? 5 : 6;
    Index j = 0;
    for (; j + atOnce <= columns; j += atOnce)
        computeTile<vectors, atOnce>(d, product, row, rows, j);
    for (; j + 4 <= columns; j += 4)
        computeTile<vectors, 4>(d, product, row, rows, j);
    for (; j + 2 <= columns; j += 2)
        computeTile<vectors, 2>(d, product, row, rows, j);
    for (; j < columns; ++j)
        computeTile<vectors, 1>(d, product, row, rows, j);
}

/// In vectors of D; rows >= their lanes. `most`: how many vectors can come together; few where the vectors
/// are short, since longer ones serve more rows.
template<int most, class D>
void computeIn(D d, const Product<hn::TFromD<D>>& product, Index rows, Index columns) {
    const Index lanes = static_cast<Index>(hn::Lanes(d));
    const Index vectors = (rows + lanes - 1) / lanes;
    Index v = 0;
    if constexpr (most >= 4) {
        for (; v + 4 <= vectors; v += 4)
            computeRows<4>(d, product, v * lanes, rows, columns);
        if (vectors - v == 3) computeRows<3>(d, product, v * lanes, rows, columns);
    }
    for (; v + 2 <= vectors; v += 2)
        computeRows<2>(d, product, v * lanes, rows, columns);
    if (v < vectors) computeRows<1>(d, product, v * lanes, rows, columns);
}

/// With the longest vectors that are no longer than a column.
template<class S>
void compute(const Product<S>& product, Index rows, Index columns) {
    const hn::ScalableTag<S> whole;
    const hn::CappedTag<S, 32 / sizeof(S)> half;
    const hn::CappedTag<S, 16 / sizeof(S)> quarter;
    if (rows >= static_cast<Index>(hn::Lanes(whole)))
        computeIn<4>(whole, product, rows, columns);
    else if (rows >= static_cast<Index>(hn::Lanes(half)))
        computeIn<2>(half, product, rows, columns);
    else if (rows >= static_cast<Index>(hn::Lanes(quarter)))
        computeIn<2>(quarter, product, rows, columns);
    else
        computeIn<2>(hn::CappedTag<S, 1>(), product, rows, columns);
}

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

ProductKernels<float> floatKernels() {
    return {compute<float>, computeAllDots<float>, transpose<float>};
}
ProductKernels<double> doubleKernels() {
    return {compute<double>, computeAllDots<double>, transpose<double>};
}

} // namespace kappascope::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace kappascope {

HWY_EXPORT(floatKernels);
HWY_EXPORT(doubleKernels);

namespace {

/// Chosen once, for the machine's instruction set.
template<class S>
const ProductKernels<S>& kernels() {
    if constexpr (std::is_same_v<S, float>) {
        static const ProductKernels<float> chosen = HWY_DYNAMIC_DISPATCH(floatKernels)();
        return chosen;
    } else {
        static const ProductKernels<double> chosen = HWY_DYNAMIC_DISPATCH(doubleKernels)();
        return chosen;
    }
}

/// Below this many columns W^T D is faster by dot products than by transposing W first (batch 1: 13 times at
/// 100 x 100).
constexpr Index fewColumns = 4;

} // namespace

template<class S>
void affine(ConstMatrixRef<S> W, ConstMatrixRef<S> H, ConstVectorRef<S> b, MatrixRef<S> A) {
    if (W.rows() == 1 && W.outerStride() == 1) // a single row lies contiguous: one dot product a sample
        return kernels<S>().dots(
            {W.data(), W.cols(), H.data(), H.outerStride(), b.data(), A.data(), A.outerStride(), W.cols()}, 1,
            H.cols());
    kernels<S>().product({W.data(), W.outerStride(), H.data(), 1, H.outerStride(), b.data(), A.data(),
                          A.outerStride(), W.cols()},
                         W.rows(), H.cols());
}

template<class S>
void outerProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, MatrixRef<S> G) {
    if (D.rows() == 1 && G.outerStride() == 1) // G^T = H D^T is one column
        return kernels<S>().product(
            {H.data(), H.outerStride(), D.data(), D.outerStride(), 1, nullptr, G.data(), G.cols(), H.cols()},
            H.rows(), 1);
    kernels<S>().product({D.data(), D.outerStride(), H.data(), H.outerStride(), 1, nullptr, G.data(),
                          G.outerStride(), D.cols()},
                         D.rows(), H.rows());
}

template<class S>
void projectBack(ConstMatrixRef<S> W, ConstMatrixRef<S> D, MatrixRef<S> X, VectorRef<S> transposed) {
    const ProductKernels<S>& kernel = kernels<S>();
    const bool row = W.rows() == 1 && W.outerStride() == 1; // W^T is W as it lies
    if (D.cols() < fewColumns && !row)
        return kernel.dots({W.data(), W.outerStride(), D.data(), D.outerStride(), nullptr, X.data(),
                            X.outerStride(), W.rows()},
                           W.cols(), D.cols());
    if (!row) kernel.transpose(W.data(), W.outerStride(), W.rows(), W.cols(), transposed.data());
    kernel.product({row ? W.data() : transposed.data(), W.cols(), D.data(), 1, D.outerStride(), nullptr,
                    X.data(), X.outerStride(), W.rows()},
                   W.cols(), D.cols());
}

#define INSTANTIATE(S)                                                                                       \
    template void affine<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstVectorRef<S>, MatrixRef<S>);          \
    template void outerProduct<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S>);                       \
    template void projectBack<S>(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S>, VectorRef<S>);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
#endif
