// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry test_loss() {
    ProbeEntry about;
    about.key = "test_loss";
    about.label = "Loss, test set";
    about.help =
        "Mean loss over the whole test set, before this step's update, in evaluation mode "
        "(normalizations use their stored statistics), without the L2 penalty; not recorded without a "
        "test set. In nats for the cross-entropies; half the squared distance for the mean squared "
        "error.";
    about.needsEvaluation = true;
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        if (!observation.evaluation) return;
        const Evaluation& now = *observation.evaluation;
        // Not a number beside a finite training loss: there is no test set.
        if (std::isnan(now.testLoss) && std::isfinite(now.trainLoss)) return;
        sink.record({"test_loss"}, observation.step, now.testLoss);
    });
}

} // namespace kappascope::probes
