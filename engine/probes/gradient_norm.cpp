// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry gradient_norm() {
    ProbeEntry about;
    about.key = "gradient_norm";
    about.label = "Gradient norm";
    about.help =
        "Euclidean norm of the gradient of the mini-batch loss at the parameters before this step's "
        "update, in training mode, before preconditioner, L2 penalty and optimizer: of all "
        "parameters, and of weights and biases of each dense layer. In units of the loss per unit of "
        "a parameter.";
    about.perLayer = true;
    about.logarithmic = true;
    return measuredBy(std::move(about), []<class S>(const Observation<S>& observation, ProbeSink& sink) {
        static const MetricKeys keys("gradient_norm");
        recordNorms<S>(keys, observation, observation.gradient, sink);
    });
}

} // namespace kappascope::probes
