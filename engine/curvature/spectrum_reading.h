// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/condition_number.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/extreme_eigenvalues.h"
#include "engine/curvature/spectral_density.h"

namespace kappascope {

/// The spectrum of a matrix: exact where the matrix is small enough to be built, else both ends, the density
/// between them, and every number with its error.
struct SpectrumReading {
    bool exact = true;
    Vector<double> eigenvalues; ///< ascending: all, or those at the two ends
    Vector<double> errors;      ///< residuals of estimated ones; empty: exact
    SpectralDensity density;    ///< estimated only
    SpectrumSummary summary;
    Matrix<double> vectors; ///< of `eigenvalues`, where they were asked for or came for nothing
};

/// Share of the eigenvalues below -tau lambda_max, and the number of those within tau lambda_max of 0, which
/// kappa_tau leaves out; of an estimated spectrum with their standard errors over the density's samples.
Reading negativeShare(const SpectrumReading& spectrum);
Reading droppedCount(const SpectrumReading& spectrum);

struct SpectrumOptions {
    double tau = standardTau;
    Index largestDense = largestDenseSpectrum; ///< estimated above
    bool withVectors = false;
    Index each = 6; ///< eigenvalues at either end, estimated only
    DensityOptions density{};
    const Matrix<double>* warm = nullptr; ///< eigenvectors of an earlier reading of the same matrix
};

/// Exact, of a matrix that is there. Throws WorkCancelled.
SpectrumReading readSpectrum(const Matrix<double>& symmetric, const SpectrumOptions& options,
                             ThreadTeam* team = nullptr, const Cancelled* cancelled = nullptr);
/// Estimated, by products; shares are counted at a tau of 1e-3 at least, finer than which the density is not.
/// Throws WorkCancelled.
SpectrumReading estimateSpectrum(const SymmetricOperator& A, const SpectrumOptions& options,
                                 ThreadTeam* team = nullptr, const Cancelled* cancelled = nullptr);

} // namespace kappascope
