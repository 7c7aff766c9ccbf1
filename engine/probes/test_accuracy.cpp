// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry test_accuracy() {
    ProbeEntry about;
    about.key = "test_accuracy";
    about.label = "Accuracy, test set";
    about.help =
        "Share of the test set whose class the network predicts, before this step's update, in "
        "evaluation mode (normalizations use their stored statistics); not recorded for regression or "
        "without a test set.";
    about.unit = "share";
    about.needsEvaluation = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        if (!observation.evaluation || std::isnan(observation.evaluation->testAccuracy)) return;
        sink.record({"test_accuracy"}, observation.step, observation.evaluation->testAccuracy);
    });
}

} // namespace kappascope::probes
