// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// Running mean mu and variance sigma^2 of what a dense layer receives: steps 1 and 2 of Algorithm 1 of
/// Lange, Helfrich, Ye, JMLR 23(72), 2022. Two choices that the algorithm leaves open (math.md section 2) are
/// parameters:
/// "variance": "literal" averages the mini-batches' own variances, which are 0 for a batch of one sample;
///   "total" adds the spread of their means and so is the exact variance of the weighted mixture.
/// "start": "literal" from mu = 0, sigma^2 = 1; "first_batch" from the first batch's; "bias_corrected" gives
///   batch s of t the weight rho^(t-s) (1-rho) / (1-rho^t), as Adam does.
/// Belongs to a preconditioner; allocates only in bind().
template<class S>
class RunningStatistics {
public:
    static Parameter rhoParameter();
    static Parameter varianceParameter();
    static Parameter startParameter();

    /// Reads "rho", "start", and "variance" where the method has it ("total" where not).
    explicit RunningStatistics(const Parameters& parameters);

    void bind(Index inputs); ///< sizes and starts
    /// One update by H, inputs x n, n >= 1: begin(), then observe() for all inputs, some of them by each of
    /// several threads.
    void begin();
    void observe(const ConstColumns<S>& H, Index first, Index count);

    const Vector<S>& mean() const { return mean_; }
    const Vector<S>& variance() const { return variance_; }

    std::vector<StateTensor<S>> state();

private:
    double rho_;
    bool total_, corrected_, literalStart_;
    S keep_ = 0, take_ = 1; ///< since begin(): weights of the past and of the batch
    Vector<S> mean_, variance_, batchMean_, batchVariance_;
    Vector<S> startShare_; ///< one element: weight that the start values still hold and must not
};

} // namespace kappascope
