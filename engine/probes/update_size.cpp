// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry update_size() {
    ProbeEntry about;
    about.key = "update_size";
    about.label = "Update size";
    about.help =
        "Euclidean norm of the change that this step made to the parameters, after preconditioner, "
        "penalty and optimizer: of all parameters, and of weights and biases of each dense layer. In "
        "units of the parameters.";
    about.perLayer = true;
    about.logarithmic = true;
    return measuredBy(std::move(about), []<class S>(const Observation<S>& observation, ProbeSink& sink) {
        static const MetricKeys keys("update_size");
        recordNorms<S>(keys, observation, observation.update, sink);
    });
}

} // namespace kappascope::probes
