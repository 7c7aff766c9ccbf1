// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/tridiagonal_reduction.h"

namespace kappascope {

/// Eigenvalues of T, in no order, by the implicit QR method with Wilkinson's shift (Golub, Van Loan, Matrix
/// Computations, 4th ed., section 8.3); T is best scaled to a largest coefficient of 1. Where `Q`, n x n, is
/// given, its columns become Q times the eigenvectors: the rotations are collected and applied to the rows of
/// Q, 32 at a time, which the team (null: the caller alone) shares; the same bits for any number of threads.
/// Throws WorkCancelled, and std::runtime_error when an eigenvalue needs more than 30 iterations on average.
Vector<double> tridiagonalEigenvalues(Tridiagonal T, Matrix<double>* Q = nullptr, ThreadTeam* team = nullptr,
                                      const Cancelled* cancelled = nullptr);

} // namespace kappascope
