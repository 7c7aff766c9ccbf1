// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/thread_team.h"
#include "engine/core/types.h"

#include <vector>

namespace kappascope {

/// T, n x n symmetric, zero but for three diagonals.
struct Tridiagonal {
    Vector<double> diagonal;    ///< n
    Vector<double> offDiagonal; ///< n - 1, of either sign
};

/// H_first H_(first+1) ... with H_(first+k) = I - tau_k v_k v_k^T; column k of V is v_k from row first + 1 of
/// the matrix on: 0 in its first k rows, then 1.
struct ReflectorPanel {
    Index first = 0;
    Matrix<double> V;   ///< (n - first - 1) x width
    Vector<double> tau; ///< width
};

/// A = Q T Q^T, Q the product of the panels in their order.
struct TridiagonalReduction {
    Tridiagonal T;
    std::vector<ReflectorPanel> panels;
};

/// Householder's reduction in panels of 16 columns (Dongarra, Hammarling, Sorensen, J. Comput. Appl. Math.
/// 27, 1989, section 4): half of the work is products of matrices. Reads and overwrites the lower triangle of
/// A. Each part is dealt out to the team (null: the caller alone) in pieces that depend on n alone, so that
/// the result has the same bits for any number of threads. Throws WorkCancelled, between two columns.
TridiagonalReduction reduceToTridiagonal(Matrix<double>& A, ThreadTeam* team = nullptr,
                                         const Cancelled* cancelled = nullptr);

/// Q, n x n, by blocks of columns (Schreiber, Van Loan, SIAM J. Sci. Stat. Comput. 10, 1989). Throws
/// WorkCancelled.
Matrix<double> orthogonalFactor(const TridiagonalReduction& reduction, ThreadTeam* team = nullptr,
                                const Cancelled* cancelled = nullptr);

} // namespace kappascope
