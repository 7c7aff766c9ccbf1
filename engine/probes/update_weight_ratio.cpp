// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

#include <limits>

namespace kappascope::probes {

namespace {

double ratio(double change, double weights) {
    return weights > 0 ? change / weights : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

ProbeEntry update_weight_ratio() {
    ProbeEntry about;
    about.key = "update_weight_ratio";
    about.label = "Update/weight ratio";
    about.help = "Frobenius norm of the change that this step made to the weights, over the norm of the "
                 "weights before it: of all dense layers together, and of each. Without biases and "
                 "normalization parameters; about 1e-3 is usual, not a number where all weights are zero.";
    about.perLayer = true;
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        static const MetricKeys keys("update_weight_ratio");
        double changes = 0, weights = 0;
        for (int d = 0; d < weightedLayers(observation.network); ++d) {
            const Segment part = weightedSegment(observation.network, d);
            const auto change = observation.update.segment(part.first, part.weights);
            const double changed = euclideanNorm(change);
            const double before = euclideanNorm(observation.theta.segment(part.first, part.weights) - change);
            keys.record(d, observation.step, ratio(changed, before), sink);
            changes += changed * changed;
            weights += before * before;
        }
        sink.record(keys.whole(), observation.step, ratio(std::sqrt(changes), std::sqrt(weights)));
    });
}

} // namespace kappascope::probes
