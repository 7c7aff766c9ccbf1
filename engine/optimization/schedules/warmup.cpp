// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"
#include "engine/optimization/schedules/half_cosine.h"

namespace kappascope::schedules {

namespace {

double factor(std::int64_t step, const Parameters& parameters) {
    const std::int64_t rising = parameters.integer("steps");
    if (step < rising) return static_cast<double>(step + 1) / static_cast<double>(rising);
    if (parameters.choice("then") == "constant") return 1;
    return halfCosine(step - rising, parameters.integer("decay_steps"), parameters.real("floor"));
}

} // namespace

ScheduleEntry warmup() {
    return {
        {"warmup",
         "Warm-up",
         "The learning rate rises in equal steps to its full value, then stays or falls along half a cosine.",
         "Goyal et al., arXiv 1706.02677, section 2.2",
         {Parameter::integer("steps", "Rise (steps)", "Steps until the full rate is reached.", 500, 1,
                             1'000'000'000),
          Parameter::choice("then", "Then", "What follows the rise.", "constant", {"constant", "cosine"}),
          Parameter::integer("decay_steps", "Fall (steps)",
                             "With cosine: steps from the full rate to the floor.", 5000, 1, 1'000'000'000),
          Parameter::real("floor", "Floor", "With cosine: share of the learning rate that remains.", 0, 0,
                          1)}},
        factor};
}

} // namespace kappascope::schedules
