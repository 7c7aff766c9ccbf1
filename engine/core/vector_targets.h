// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// The instruction sets that Highway shall not compile kernels for; to be included before Highway's headers.
/// Highway compiles what stands between HWY_BEFORE_NAMESPACE and HWY_AFTER_NAMESPACE once for each other set
/// that the build does not already take for granted, and calls the best one that the machine has.
/// SSE4 would win little over the baseline, and AVX3_DL nothing over AVX3: both only cost compile time.
/// Vectors of SVE have no length at compile time, so the kernels' arrays of sums cannot hold them: arm64 uses
/// NEON.
/// KAPPASCOPE_OTHER_TARGETS: those that a build leaves out besides (engine/CMakeLists.txt).
#ifndef KAPPASCOPE_OTHER_TARGETS
#define KAPPASCOPE_OTHER_TARGETS 0
#endif
#define HWY_DISABLED_TARGETS                                                                                 \
    (HWY_SSE4 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | KAPPASCOPE_OTHER_TARGETS)
