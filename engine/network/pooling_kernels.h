// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/window_rule.h"

namespace kappascope {

/// One sample's map and the windows over it that become positions.
struct Pooling {
    MapShape in;
    WindowRule rule;
    MapShape out() const { return rule.over(in, in.channels); }
};

/// Throws std::logic_error unless the windows fit on the map and each one sees something of it: padding is
/// at most half of a window.
void requirePooling(const Pooling& pooling);

/// Passes of pooling over one sample, channels last; what pooling_kernels.cpp compiles for each instruction
/// set. Windows see only what lies on the map. Any thread.
template<class S>
struct PoolingKernels {
    /// out = the largest value of each window; not a number where one is none.
    void (*largest)(const Pooling&, const S* in, S* out);
    /// Given in and out = largest(in): out2 = the value of in2 where the first largest one of in stands.
    void (*choose)(const Pooling&, const S* in, const S* out, const S* in2, S* out2);
    /// The transpose: dIn = the sum of the d whose first largest value of in stands there, else 0.
    void (*giveBack)(const Pooling&, const S* in, const S* out, const S* d, S* dIn);
    /// out = factor times the sum of each window.
    void (*add)(const Pooling&, S factor, const S* in, S* out);
    /// The transpose: adds factor d to every value of the window in dIn.
    void (*spread)(const Pooling&, S factor, const S* d, S* dIn);
};

/// Chosen once, for the machine's instruction set.
template<class S>
const PoolingKernels<S>& poolingKernels();

} // namespace kappascope
