// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

namespace kappascope {

/// Everything about one run that its training depends on and that may change while it trains.
struct RunSettings {
    MethodSpec normalization, preconditioner, optimizer, schedule;
    double learningRate = 0; ///< the run's own or the experiment's
    double l2 = 0;
    bool l2BeforePreconditioner = false;

    RunSettings(const Experiment& experiment, const RunSpec& run);
    bool operator==(const RunSettings&) const = default;
};

} // namespace kappascope
