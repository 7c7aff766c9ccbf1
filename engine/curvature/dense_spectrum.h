// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/thread_team.h"
#include "engine/curvature/symmetric_operator.h"

namespace kappascope {

/// Up to so many parameters the whole matrix is built and decomposed: 2,000^2 numbers are 32 MB.
inline constexpr Index largestDenseSpectrum = 2000;

/// The matrix of `op`, one product a column, dealt out to the team (null: the caller alone), then made
/// symmetric to the last bit. The same bits for any number of threads. Throws WorkCancelled.
Matrix<double> denseMatrix(const SymmetricOperator& op, ThreadTeam* team = nullptr,
                           const Cancelled* cancelled = nullptr);

struct Spectrum {
    Vector<double> eigenvalues; ///< ascending
    Matrix<double> vectors;     ///< orthonormal, a column each; empty unless asked for
};
/// Householder tridiagonalization and implicit QR, dealt out to the team (null: the caller alone); the same
/// bits for any number of threads. Absolute errors of about 1e-15 times the largest eigenvalue in size.
/// Throws WorkCancelled, and std::runtime_error when the matrix holds what is not finite.
Spectrum denseSpectrum(Matrix<double> symmetric, bool withVectors = false, ThreadTeam* team = nullptr,
                       const Cancelled* cancelled = nullptr);

} // namespace kappascope
