// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/curvature/symmetric_operator.h"

namespace kappascope {

/// Eigenvalues at the two ends of a spectrum.
struct ExtremeEigenvalues {
    Vector<double> values;    ///< descending
    Matrix<double> vectors;   ///< orthonormal, a column each
    Vector<double> residuals; ///< |A v - lambda v|: an eigenvalue lies within as much of each value
    bool converged = false;   ///< all that were asked for, to the tolerance
    Index products = 0;
};

/// The `largest` largest and about as many smallest eigenvalues (algebraically) by Lanczos with implicit
/// restarts (Spectra; Sorensen, SIAM J. Matrix Anal. Appl. 13, 1992), full reorthogonalization. `warm`:
/// vectors of an earlier reading, whose sum starts the iteration; empty: seeded noise. For n > 2 * each + 1.
/// Throws WorkCancelled.
ExtremeEigenvalues extremeEigenvalues(SymmetricOperator& A, Index each, const Matrix<double>& warm = {},
                                      std::uint64_t seed = 0, const Cancelled* cancelled = nullptr);

} // namespace kappascope
