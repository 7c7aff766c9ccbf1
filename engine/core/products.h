// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// The three matrix products of a dense layer, for the shapes of small networks: everything from 1 to some
/// hundred rows, columns and terms, without packing and without allocation. Eigen's product, made for large
/// matrices, takes 3 to 8 times as long at 8 x 8 x 10 and 1.3 to 2 times as long at 100 x 100 x 60 (one Zen 4
/// core, AVX-512, float32).
///
/// Matrices are column-major with contiguous columns. The order of a sum depends on the shapes of the
/// matrices but, from four columns on, not on how many columns there are: computing a block of four or more
/// columns gives the same bits as computing all. Any thread may call; arguments must not overlap.

/// A = W H + b 1^T. W: m x k, H: k x n, b: m, A: m x n.
template<class S>
void affine(ConstMatrixRef<S> W, ConstMatrixRef<S> H, ConstVectorRef<S> b, MatrixRef<S> A);

/// G = D H^T. D: m x n, H: k x n, G: m x k.
template<class S>
void outerProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, MatrixRef<S> G);

/// W -= rate D H^T, to the same bits as outerProduct() and then W -= rate G: saves writing G and reading it
/// again. rate != 0.
template<class S>
void descendOuterProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, S rate, MatrixRef<S> W);

/// X = W^T D. W: m x k, D: m x n, X: k x n; `transposed`: room for m * k numbers.
template<class S>
void projectBack(ConstMatrixRef<S> W, ConstMatrixRef<S> D, MatrixRef<S> X, VectorRef<S> transposed);

/// g = D 1, over the columns in ascending order.
template<class S>
void sumColumns(ConstMatrixRef<S> D, VectorRef<S> g);

/// b -= rate D 1, to the same bits as sumColumns() and then b -= rate g.
template<class S>
void descendColumns(ConstMatrixRef<S> D, S rate, VectorRef<S> b);

} // namespace kappascope
