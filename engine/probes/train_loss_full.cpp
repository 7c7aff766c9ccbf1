// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry train_loss_full() {
    ProbeEntry about;
    about.key = "train_loss_full";
    about.label = "Loss, training set";
    about.help = "Mean loss over the whole training set, before this step's update, in evaluation mode "
                 "(normalizations use their stored statistics), without the L2 penalty. In nats for the "
                 "cross-entropies; half the squared distance for the mean squared error.";
    about.needsEvaluation = true;
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        if (observation.evaluation)
            sink.record({"train_loss_full"}, observation.step, observation.evaluation->trainLoss);
    });
}

} // namespace kappascope::probes
