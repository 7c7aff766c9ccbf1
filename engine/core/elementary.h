// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>

namespace kappascope {

/// Elementary functions of arrays of n numbers, in whole vectors of the machine's instruction set: a number
/// gives the same bits wherever it stands. Errors are a few units in the last place. Results may go where the
/// arguments stand. (Eigen 3.4 computes what is left over of a vector, and tanh in double, one by one: a step
/// of 2-8-8-8-1 at batch 10 spent a third of its time there.)
template<class S>
struct Elementary {
    /// y = tanh(x), exactly 0 at 0.
    void (*tanh)(const S* x, S* y, Index n);
    /// y = e^x; 0 below the range.
    void (*exponential)(const S* x, S* y, Index n);
    /// y = log(1 + x), x > -1, without losing small x.
    void (*log1p)(const S* x, S* y, Index n);
    /// value = log(1 + e^x), which neither overflows nor loses small values; slope = 1/(1 + e^-x).
    void (*softplus)(const S* x, S* value, S* slope, Index n);
    /// Binary cross-entropy of the logits z of n <= 64 samples, of which those with their bit set in `ones`
    /// belong to class 1: the sum of log(1 + e^m), m = -z for class 1 and z for class 0; dz = share times
    /// its derivative.
    double (*crossEntropy)(const S* z, std::uint64_t ones, S share, S* dz, Index n);
    /// y = scale x + offset, number by number, for bytes x.
    void (*fromBytes)(const std::uint8_t* x, const S* scale, const S* offset, S* y, Index n);
};

/// Chosen once, for the machine's instruction set.
template<class S>
const Elementary<S>& elementary();

} // namespace kappascope
