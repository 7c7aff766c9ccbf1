// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/probes/probe.h"

#include <string>

namespace kappascope {

/// What is advised for a run that has diverged: this part of its learning rate. Texts call it half.
inline constexpr double advisedPartOfRate = 0.5;

/// Says in plain words why a run has diverged: listens to the last step before the failure and keeps the
/// numbers that tell.
class DivergenceReport final : public ProbeSink {
public:
    void record(const SeriesKey& key, std::int64_t step, double value) override;

    struct Failure {
        std::int64_t step;       ///< whose mini-batch loss showed it
        double loss, firstLoss;  ///< of that step, and of the first one
        double learningRate;     ///< of the step before
        std::int64_t standsAt;   ///< steps done in the state that was returned to
        double divergenceFactor; ///< that a finite loss exceeded
    };
    std::string text(const Failure& failure) const;

private:
    double loss_, gradientNorm_, updateSize_;
    bool heard_ = false;
};

} // namespace kappascope
