// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/reading.h"
#include "engine/core/types.h"

#include <vector>

namespace kappascope {

// Every number that the instruments of curvature show is defined here, once (math.md sections 4 and 5); its
// words for tooltips and --help are in curvatureQuantities(), under the same name.

/// Singular values at or below this share of the largest count as 0: eigenvalues at or below 1e-14 of theirs.
inline constexpr double singularCutoff = 1e-7;
/// Eigenvalues that come from the matrix itself, and so with its rounding, count as 0 at or below this share
/// of the largest in size: beyond 1e12 a condition number would be noise, and the matrix is singular to
/// rounding.
inline constexpr double eigenvalueCutoff = 1e-12;
/// The usual tau of kappa_tau.
inline constexpr double standardTau = 1e-6;

/// kappa* of A^T A from the singular values of A (descending): (s_1/s_rank)^2, the largest over the smallest
/// non-zero eigenvalue. Take the rank from the preconditioned matrix and use it on both sides: P is
/// invertible, so the ranks agree, but rounding hides the small ones of the raw matrix. Not defined for rank
/// 0.
Index numericalRank(ConstVectorRef<double> singularValues);
Reading kappaStar(ConstVectorRef<double> singularValues, Index rank);
/// The same for an indefinite matrix by the sizes of its eigenvalues (any order).
Index numericalRankOfEigenvalues(ConstVectorRef<double> eigenvalues);
Reading kappaOfSizes(ConstVectorRef<double> eigenvalues, Index rank);

/// What is said about the eigenvalues of a symmetric matrix of `size`, all of them known.
struct SpectrumSummary {
    Index size = 0;
    double tau = standardTau;
    Reading lambdaMax, lambdaMin; ///< algebraically
    Reading smallestNonZero;      ///< smallest |lambda| above rounding, eigenvalueCutoff of the largest
    /// lambda_max / lambda_min; only for a positive definite matrix. Of one that is singular to rounding
    /// Reading::above(1e12).
    Reading kappa;
    Reading kappaTau;     ///< lambda_max / min{lambda : lambda > tau lambda_max}
    Reading kappaAverage; ///< lambda_max size / trace
    Reading trace;
    Index dropped = 0;  ///< eigenvalues within tau lambda_max of 0, which kappa_tau leaves out
    Index negative = 0; ///< eigenvalues below -tau lambda_max
    double negativeShare() const {
        return size ? static_cast<double>(negative) / static_cast<double>(size) : 0;
    }
};
SpectrumSummary summarize(ConstVectorRef<double> eigenvalues, double tau = standardTau);
/// All numbers are `why`: not defined, not finite.
SpectrumSummary notMeasured(Index size, double tau, const Reading& why);

/// kappa / kappa_P, the same number of the same matrix before and after the preconditioner.
Reading gain(const Reading& kappa, const Reading& preconditioned);

/// kappa_r = lambda_max / lambda_r, the r-th largest eigenvalue, before and after the preconditioner for the
/// same r. H and P^T H P have equally many positive eigenvalues (Sylvester), but kappa_tau drops more of them
/// from the matrix whose spectrum is wider, which flatters it; here both keep as many as the one that drops
/// fewer, as far as neither's lambda_r is lost in rounding.
struct MatchedCondition {
    Reading before, after, gain;
    Index directions = 0; ///< r
};
MatchedCondition matchedCondition(ConstVectorRef<double> raw, ConstVectorRef<double> preconditioned,
                                  double tau = standardTau);

/// The step that contracts most on a quadratic, 2/(lambda_max + smallest non-zero lambda), for a spectrum of
/// P^T H P without negative part.
Reading bestStep(const SpectrumSummary& preconditioned);
/// (kappa - 1)/(kappa + 1): by how much the best step shrinks the error, each step.
Reading predictedRate(const Reading& kappa);

/// Key, label and one sentence of each number above and of those of neuron_blocks.h.
const std::vector<Description>& curvatureQuantities();

} // namespace kappascope
