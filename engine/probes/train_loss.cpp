// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry train_loss() {
    ProbeEntry about;
    about.key = "train_loss";
    about.label = "Loss, mini-batch";
    about.help = "Mean loss over this step's mini-batch, before the update, in training mode (normalizations "
                 "use the mini-batch's own statistics), without the L2 penalty. In nats for the "
                 "cross-entropies; half the squared distance for the mean squared error.";
    about.cadence = Cadence::EveryStep;
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        static const SeriesKey key{
            "train_loss"}; // made anew in every step it would cost as much as recording
        sink.record(key, observation.step, observation.batchLoss);
    });
}

} // namespace kappascope::probes
