// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/core/reading.h"
#include "engine/core/thread_team.h"
#include "engine/curvature/symmetric_operator.h"

#include <vector>

namespace kappascope {

/// The distribution of the eigenvalues as weights at nodes: stochastic Lanczos quadrature (Ubaru, Chen, Saad,
/// SIAM J. Matrix Anal. Appl. 38, 2017) from random vectors of +-1. One entry a vector; its weights sum to 1.
struct SpectralDensity {
    struct Sample {
        Vector<double> nodes, weights; ///< nodes ascending
    };
    std::vector<Sample> samples;
    Index size = 0; ///< of the matrix

    /// Sum of weights times `f(node)` over a sample, averaged over the samples, with its standard error.
    template<class F>
    Reading mean(F f) const;
    /// size * mean of lambda: Hutchinson's estimate (v^T A v is the quadrature's first moment).
    Reading trace() const;
    /// Share of the eigenvalues below `limit`.
    Reading shareBelow(double limit) const;
    /// The density at `lambda`, every node a normal curve of deviation `width` (0.5 to 1 % of the range reads
    /// well).
    double at(double lambda, double width) const;
};

struct DensityOptions {
    int vectors = 6;
    Index steps = 50; ///< of Lanczos, each
    std::uint64_t seed = 0;
};
/// The vectors are dealt out to the team; the same bits for any number of threads. Throws WorkCancelled.
SpectralDensity spectralDensity(const SymmetricOperator& A, const DensityOptions& options,
                                ThreadTeam* team = nullptr, const Cancelled* cancelled = nullptr);

/// Trace by Hutchinson's estimator (Communications in Statistics 19, 1990) from `vectors` random vectors of
/// +-1, a product each: mean and standard error.
Reading hutchinsonTrace(SymmetricOperator& A, int vectors, std::uint64_t seed,
                        const Cancelled* cancelled = nullptr);

/// Mean of independent values with its standard error.
Reading meanOf(const Vector<double>& values);

template<class F>
Reading SpectralDensity::mean(F f) const {
    Vector<double> sums(static_cast<Index>(samples.size()));
    for (Index k = 0; k < sums.size(); ++k) {
        const Sample& sample = samples[static_cast<std::size_t>(k)];
        sums[k] = 0;
        for (Index i = 0; i < sample.nodes.size(); ++i)
            sums[k] += sample.weights[i] * f(sample.nodes[i]);
    }
    return meanOf(sums);
}

} // namespace kappascope
