// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// What batch normalization of m features works with; vectors of m numbers each.
template<class S>
struct BatchNormalization {
    const S *gamma, *beta;
    S *mean, *variance, *scale; ///< of the batch; scale = 1/sqrt(variance + epsilon)
};

/// Passes over batches H of m features x n samples, n >= 1: what moments.cpp compiles for each instruction
/// set. Any thread.
template<class S>
struct BatchPasses {
    /// Mean and biased variance of every feature. Two passes; the second one also sums what rounding has left
    /// of the mean, and corrects both for it (Chan, Golub, LeVeque, The American Statistician 37, 1983, eq.
    /// 1.7): right however large mu/sigma is. Sums run over the samples in their order. A block of features
    /// passes through both while it is in the nearest cache: 784 x 60 takes 3 us, a fifth of what two passes
    /// over the matrix take.
    void (*measure)(ConstColumns<S> H, S* mean, S* variance);
    /// out = gamma (H - mu)/sqrt(sigma^2 + epsilon) + beta, with these moments. Block by block, too. (Made of
    /// Eigen's columns of 100, of which half of the elements are computed one by one, batch normalization
    /// added a quarter to a step of 784-100-100-100-10 at batch 60.) With out.data null only the moments.
    void (*normalize)(ConstColumns<S> H, S epsilon, const BatchNormalization<S>& at, Columns<S> out);
    /// The rest of it for some of the samples: out of those, with the moments that are there.
    void (*applyNormalization)(ConstColumns<S> H, const BatchNormalization<S>& at, Columns<S> out);
    /// Back through normalize(), x^ = (H - mean) scale, which is made anew from H: to write it there and read
    /// it here takes longer. dGamma = sum_n D x^, dBeta = sum_n D and, unless dIn.data is null,
    /// dIn = gamma scale (D - (dBeta + x^ dGamma)/n). dIn may be D.
    void (*propagate)(ConstColumns<S> H, ConstColumns<S> D, const BatchNormalization<S>& at, S* dGamma,
                      S* dBeta, Columns<S> dIn);
    /// The rest of it for some of n samples: dIn of those, with the sums that are there.
    void (*applyPropagation)(ConstColumns<S> H, ConstColumns<S> D, const BatchNormalization<S>& at,
                             const S* dGamma, const S* dBeta, Index n, Columns<S> dIn);
    /// out = (H - shift) scale, feature by feature, and dots[n] = sum_j shift_j out_jn.
    void (*standardize)(ConstColumns<S> H, const S* shift, const S* scale, Columns<S> out, S* dots);
};

/// Chosen once, for the machine's instruction set.
template<class S>
const BatchPasses<S>& batchPasses();

/// BatchPasses::measure.
template<class S>
void measureMoments(ConstColumns<S> H, Columns<S> mean, Columns<S> variance) {
    batchPasses<S>().measure(H, mean.data, variance.data);
}

} // namespace kappascope
