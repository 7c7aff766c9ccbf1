// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/product_kernels.h"
#include "engine/core/share.h"

namespace kappascope {

/// The three matrix products of a dense layer, for the shapes of small networks: everything from 1 to some
/// hundred rows, columns and terms, without packing and without allocation. Eigen's product, made for large
/// matrices, takes 3 to 8 times as long at 8 x 8 x 10 and 1.3 to 2 times as long at 100 x 100 x 60 (one Zen 4
/// core, AVX-512, float32).
///
/// Matrices are column-major with contiguous columns. The order of a sum depends on the shapes of the
/// matrices but, from seven columns on, not on how many columns there are: computing a block of seven or more
/// columns gives the same bits as computing all. Any thread may call; arguments must not overlap.

namespace products {

/// Columns of the result that the kernels form together: shares of an outer product begin with such.
constexpr Index tileColumns = 6;

/// Whether W^T D, W with so many rows and D with so many columns, is faster by dot products than by
/// transposing W first. (Batch 1: 13 times at 100 x 100; batch 6: twice, since W and its transpose do not fit
/// into the nearest cache together.)
constexpr bool byDots(Index rows, Index columns) {
    constexpr Index always = 3, whereLong = 8, longRows = 64;
    return columns <= (rows >= longRows ? whereLong : always);
}

/// A single row is its own transpose.
template<class S>
bool liesTransposed(const ConstColumns<S>& W) {
    return W.rows == 1 && W.stride == 1;
}

/// rate 0: G = D H^T, else G -= rate D H^T.
template<class S>
void outer(const ConstColumns<S>& D, const ConstColumns<S>& H, S rate, const Columns<S>& G) {
    if (D.rows == 1 && G.stride == 1) // G^T = H D^T is one column
        return productKernels<S>().product(
            {H.data, H.stride, D.data, D.stride, 1, nullptr, 0, G.data, G.cols, H.cols, rate, true}, H.rows,
            1);
    productKernels<S>().product(
        {D.data, D.stride, H.data, H.stride, 1, nullptr, 0, G.data, G.stride, D.cols, rate, true}, D.rows,
        H.rows);
}

/// rate 0: g = D s, else g -= rate D s.
template<class S>
void weigh(const ConstColumns<S>& D, const S* s, S rate, const Columns<S>& g) {
    if (s)
        productKernels<S>().product(
            {D.data, D.stride, s, 1, D.cols, nullptr, 0, g.data, D.rows, D.cols, rate, true}, D.rows, 1);
    else
        productKernels<S>().sumRows(D.data, D.stride, D.rows, D.cols, rate, g.data);
}

} // namespace products

/// Which rows of X are not 0 in all columns, in ascending order and counted from `first`: as many as are
/// returned, in `places`, which has room for X.rows.
template<class S>
Index nonzeroRows(const ConstColumns<S>& X, Index first, std::int32_t* places) {
    return productKernels<S>().nonzeroRows(X.data, X.stride, X.rows, X.cols, first, places);
}

/// A = W H + b 1^T. W: m x k, H: k x n, b: m, A: m x n.
template<class S>
void affine(const ConstColumns<S>& W, const ConstColumns<S>& H, const ConstColumns<S>& b,
            const Columns<S>& A) {
    if (W.rows == 1 && W.stride == 1) // a single row lies contiguous: one dot product a sample
        return productKernels<S>().dots({W.data, W.cols, H.data, H.stride, b.data, A.data, A.stride, W.cols},
                                        1, H.cols);
    productKernels<S>().product({W.data, W.stride, H.data, 1, H.stride, b.data, 0, A.data, A.stride, W.cols},
                                W.rows, H.cols);
}

/// The same, to the same bits, where all rows of H are 0 but `some` of them, and W is finite: a product
/// less for each of the others. (Of MNIST's 784 pixels 491 are not 0 in all of 60 images, 150 in one.)
template<class S>
void affine(const ConstColumns<S>& W, const ConstColumns<S>& H, Places some, const ConstColumns<S>& b,
            const Columns<S>& A) {
    productKernels<S>().productOfTerms(
        {W.data, W.stride, H.data, 1, H.stride, b.data, 0, A.data, A.stride, W.cols}, some, W.rows, H.cols);
}

/// G = D H^T. D: m x n, H: k x n, G: m x k.
template<class S>
void outerProduct(const ConstColumns<S>& D, const ConstColumns<S>& H, const Columns<S>& G) {
    products::outer<S>(D, H, 0, G);
}

/// W -= rate D H^T without writing G and reading it again, to the same bits as outerProduct() and then
/// W -= rate G, except that up to eight terms may each take the rate for themselves. rate != 0.
template<class S>
void descendOuterProduct(const ConstColumns<S>& D, const ConstColumns<S>& H, S rate, const Columns<S>& W) {
    products::outer<S>(D, H, rate, W);
}

/// The same, to the same bits, where all rows of H are 0 but `some` of them, and D is finite.
template<class S>
void descendOuterProduct(const ConstColumns<S>& D, const ConstColumns<S>& H, Places some, S rate,
                         const Columns<S>& W) {
    productKernels<S>().productOfColumns(
        {D.data, D.stride, H.data, H.stride, 1, nullptr, 0, W.data, W.stride, D.cols, rate, true}, some,
        D.rows, H.rows);
}

/// What projectBack() needs of W: m x k for n columns, of some of its rows: room for m * k numbers, filled.
template<class S>
void prepareProjection(const ConstColumns<S>& W, Index n, Range rows, const Columns<S>& transposed) {
    if (!products::byDots(W.rows, n) && !products::liesTransposed<S>(W))
        productKernels<S>().transpose(W.data + rows.first, W.stride, rows.count, W.cols,
                                      transposed.data + rows.first * W.cols);
}

/// X = W^T D. W: m x k, D: m x n or some columns of it, X: k rows and as many columns; `transposed` from
/// prepareProjection(W, n) of all rows.
template<class S>
void projectBack(const ConstColumns<S>& W, const ConstColumns<S>& transposed, Index n,
                 const ConstColumns<S>& D, const Columns<S>& X) {
    const bool asItLies = products::liesTransposed<S>(W);
    if (products::byDots(W.rows, n) && !asItLies)
        return productKernels<S>().dots(
            {W.data, W.stride, D.data, D.stride, nullptr, X.data, X.stride, W.rows}, W.cols, D.cols);
    productKernels<S>().product({asItLies ? W.data : transposed.data, W.cols, D.data, 1, D.stride, nullptr, 0,
                                 X.data, X.stride, W.rows},
                                W.cols, D.cols);
}

/// The same at once; `transposed`: room for m * k numbers.
template<class S>
void projectBack(const ConstColumns<S>& W, const ConstColumns<S>& D, const Columns<S>& X,
                 const Columns<S>& transposed) {
    prepareProjection<S>(W, D.cols, {0, W.rows}, transposed);
    projectBack<S>(W, transposed, D.cols, D, X);
}

/// max |x|; infinite or not a number when an element is.
template<class S>
S largest(const ConstColumns<S>& X) {
    return productKernels<S>().largest(X.data, X.stride, X.rows, X.cols);
}

/// g = D s, over the columns in ascending order; s: as many numbers as D has columns, or null for ones.
template<class S>
void sumColumns(const ConstColumns<S>& D, const S* s, const Columns<S>& g) {
    products::weigh<S>(D, s, 0, g);
}

/// b -= rate D s, to the same bits as sumColumns() and then b -= rate g.
template<class S>
void descendColumns(const ConstColumns<S>& D, const S* s, S rate, const Columns<S>& b) {
    products::weigh<S>(D, s, rate, b);
}

/// theta -= rate g, to the same bits as the others that descend.
template<class S>
void descend(const ConstColumns<S>& g, S rate, const Columns<S>& theta) {
    productKernels<S>().descend(g.data, rate, g.size(), theta.data);
}

/// sum += x, numbers without gaps.
template<class S>
void add(const ConstColumns<S>& x, const Columns<S>& sum) {
    productKernels<S>().descend(x.data, S(-1), x.size(), sum.data); // -(-1) x: exact
}

} // namespace kappascope
