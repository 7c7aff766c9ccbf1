// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace kappascope::bench {

// Each registers a group of rows with Google Benchmark.
void registerMachine();           ///< what the machine can do at most: multiply-adds, memory
void registerSteps();             ///< the cases that are compared with others
void registerConvolutions();      ///< single convolutions, compared with others
void registerGrowth();            ///< how the cost of a step grows with batch, width, depth, runs, threads
void registerProbes();            ///< what recording and each probe cost
void registerCurvature();         ///< products with the Hessian in gradients, whole readings
void registerCurvatureSlowDown(); ///< what measuring beside the training costs it
void registerDenseSpectra();      ///< all eigenvalues of a matrix, beside Eigen's solver
void registerHistory();           ///< pushing to a history, and looking it up

/// Multiply-adds a second in float or in double on one thread, a multiply-add as 2: measured at the first
/// call.
double multiplyAddPeak(bool inDouble);

} // namespace kappascope::bench
