// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probes/probe_support.h"

namespace kappascope::probes {

ProbeEntry distance_from_start() {
    ProbeEntry about;
    about.key = "distance_from_start";
    about.label = "Distance from the start";
    about.help = "Euclidean distance of all parameters, after this step's update, from those at step 0, or "
                 "from those right after the last change of normalization, which changes the coordinates. In "
                 "units of the parameters.";
    about.logarithmic = true;
    return measuredBy(std::move(about), [](const auto& observation, ProbeSink& sink) {
        static const SeriesKey key{"distance_from_start"};
        sink.record(key, observation.step, euclideanNorm(observation.theta - observation.start));
    });
}

} // namespace kappascope::probes
