// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// The three matrix products of a dense layer, for the shapes of small networks: everything from 1 to some
/// hundred rows, columns and terms, without packing and without allocation. Eigen's product, made for large
/// matrices, takes 3 to 8 times as long at 8 x 8 x 10 and 1.3 to 2 times as long at 100 x 100 x 60 (one Zen 4
/// core, AVX-512, float32).
///
/// Matrices are column-major with contiguous columns. An element is a sum over the terms in ascending order,
/// one fused multiply-add each, whatever tile it falls into: computing a block of columns gives the same bits
/// as computing all. (Sums over the rows of W in projectBack with few columns, and where W is a single row,
/// run in as many lanes as the machine has.) Any thread may call; arguments must not overlap.

/// A = W H + b 1^T. W: m x k, H: k x n, b: m, A: m x n.
template<class S>
void affine(ConstMatrixRef<S> W, ConstMatrixRef<S> H, ConstVectorRef<S> b, MatrixRef<S> A);

/// G = D H^T. D: m x n, H: k x n, G: m x k.
template<class S>
void outerProduct(ConstMatrixRef<S> D, ConstMatrixRef<S> H, MatrixRef<S> G);

/// X = W^T D. W: m x k, D: m x n, X: k x n; `transposed`: room for m * k numbers.
template<class S>
void projectBack(ConstMatrixRef<S> W, ConstMatrixRef<S> D, MatrixRef<S> X, VectorRef<S> transposed);

} // namespace kappascope
