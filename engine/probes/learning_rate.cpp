// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry learning_rate() {
    ProbeEntry about;
    about.key = "learning_rate";
    about.label = "Learning rate";
    about.help = "Learning rate of this step, schedule included. In the units of the optimizer's step.";
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        sink.record({"learning_rate"}, observation.step, observation.learningRate);
    });
}

} // namespace kappascope::probes
