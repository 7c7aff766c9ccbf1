// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/measure_cadence.h"

#include <algorithm>

namespace kappascope {

namespace {

/// The first of 1, 2, 5, 10, 20, 50, ... of which `isEnough` is true.
template<class F>
std::int64_t firstRound(F isEnough) {
    for (std::int64_t decade = 1;; decade *= 10)
        for (const std::int64_t factor : {1, 2, 5})
            if (isEnough(factor * decade)) return factor * decade;
}

} // namespace

MeasureCadence MeasureCadence::automatic(std::int64_t trainSamples, std::int64_t testSamples,
                                         std::int64_t batchSize) {
    // A step costs about three forward passes of its batch (forward, and backward twice that), an evaluation
    // one forward pass of everything: the share is (train + test) / (3 batch cadence).
    constexpr std::int64_t share = 10; // a tenth
    const std::int64_t everything = share * (trainSamples + testSamples);
    const std::int64_t step = 3 * std::clamp<std::int64_t>(batchSize, 1, trainSamples);
    MeasureCadence cadence(firstRound([&](std::int64_t every) { return every * step >= everything; }));
    constexpr std::int64_t rarestNorms = 10;
    cadence.norms_ = std::min(cadence.evaluations_, rarestNorms);
    cadence.early_ = true;
    return cadence;
}

MeasureCadence MeasureCadence::asked(std::int64_t norms, std::int64_t evaluations,
                                     const MeasureCadence& automatic) {
    if (evaluations == 0) return norms == 0 ? automatic : MeasureCadence(norms);
    return {norms == 0 ? automatic.norms_ : norms, evaluations};
}

bool MeasureCadence::isEarly(std::int64_t step) const {
    return step >= evaluations_ / 50 && step > 0 &&
           firstRound([step](std::int64_t round) { return round >= step; }) == step;
}

} // namespace kappascope
