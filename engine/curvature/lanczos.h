// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/curvature/symmetric_operator.h"

namespace kappascope {

/// A = Q T Q^T on the Krylov space of a start vector: T tridiagonal with `alpha` and `beta`.
struct LanczosFactors {
    Vector<double> alpha; ///< m
    Vector<double> beta;  ///< m - 1
    double lastBeta = 0;  ///< coupling to what lies outside; residual of Ritz pair i is lastBeta |s_mi|
    bool invariant =
        false; ///< ended early: the space is invariant to rounding, its Ritz values are eigenvalues
    Matrix<double> basis; ///< Q, n x m, orthonormal
};

/// At most `steps` steps from `start` (not 0). Every new vector is orthogonalized against all before it,
/// twice (Parlett, The Symmetric Eigenvalue Problem, 1998, section 6.9), and divided by its norm, nothing
/// added. Ends when beta < 1e-5 times the largest |alpha| or beta so far (where the spectrum lies evenly
/// about 0 all alpha vanish): an absolute test would go on with rounding and invent eigenvalues on matrices
/// of low rank, the usual case here. Throws WorkCancelled.
LanczosFactors lanczos(SymmetricOperator& A, ConstVectorRef<double> start, Index steps,
                       const Cancelled* cancelled = nullptr);

/// Ritz values (ascending), the squares of the first components of T's eigenvectors (weights of the Gauss
/// quadrature that belongs to the start vector; they sum to 1), and the residuals of the Ritz pairs.
struct RitzValues {
    Vector<double> values, weights, residuals;
    Matrix<double> coefficients; ///< eigenvectors of T: the Ritz vectors are Q times these
};
RitzValues ritzValues(const LanczosFactors& factors);

} // namespace kappascope
