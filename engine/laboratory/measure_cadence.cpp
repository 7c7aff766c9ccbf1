// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/measure_cadence.h"

#include <algorithm>

namespace kappascope {

std::int64_t automaticCadence(std::int64_t trainSamples, std::int64_t testSamples, std::int64_t batchSize) {
    // A step costs about three forward passes of its batch (forward, and backward twice that), a measurement
    // one forward pass of everything: the share is (train + test) / (3 batch cadence).
    constexpr std::int64_t share = 10; // a tenth
    const std::int64_t everything = share * (trainSamples + testSamples);
    const std::int64_t step = 3 * std::clamp<std::int64_t>(batchSize, 1, trainSamples);
    for (std::int64_t decade = 1;; decade *= 10)
        for (const std::int64_t factor : {1, 2, 5})
            if (factor * decade * step >= everything) return factor * decade;
}

} // namespace kappascope
