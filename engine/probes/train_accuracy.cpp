// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry train_accuracy() {
    ProbeEntry about;
    about.key = "train_accuracy";
    about.label = "Accuracy, training set";
    about.help = "Share of the training set whose class the network predicts, before this step's update, in "
                 "evaluation mode (normalizations use their stored statistics); not recorded for regression.";
    about.unit = "share";
    about.needsEvaluation = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        if (!observation.evaluation || std::isnan(observation.evaluation->trainAccuracy)) return;
        sink.record({"train_accuracy"}, observation.step, observation.evaluation->trainAccuracy);
    });
}

} // namespace kappascope::probes
