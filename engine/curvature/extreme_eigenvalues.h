// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/curvature/symmetric_operator.h"

namespace kappascope {

/// Eigenvalues at the two ends of a spectrum.
struct ExtremeEigenvalues {
    Vector<double> values;    ///< ascending: the smallest, then the largest
    Matrix<double> vectors;   ///< orthonormal at each end, a column each
    Vector<double> residuals; ///< |A v - lambda v|: an eigenvalue lies within as much of each value
    bool converged = false;   ///< all that were asked for, to the tolerance
    Index products = 0;
};

/// The `each` smallest and as many largest eigenvalues (algebraically; n/2 at most) by Lanczos with implicit
/// restarts (Spectra; Sorensen, SIAM J. Matrix Anal. Appl. 13, 1992), full reorthogonalization; where the
/// restarts do not converge, the Ritz values of one longer run. An eigenvalue of several dimensions may come
/// once only. `warm`: the vectors of an earlier result, whose sums start the iterations; empty: seeded noise.
/// Throws WorkCancelled.
ExtremeEigenvalues extremeEigenvalues(SymmetricOperator& A, Index each, const Matrix<double>& warm = {},
                                      std::uint64_t seed = 0, const Cancelled* cancelled = nullptr);

} // namespace kappascope
