// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"

#include <cmath>

namespace kappascope::schedules {

ScheduleEntry staircase() {
    return {{"step",
             "Step",
             "The learning rate is multiplied by a factor every so many steps.",
             "",
             {Parameter::integer("every", "Every (steps)", "Steps from one change to the next.", 1000, 1,
                                 1'000'000'000),
              Parameter::real("factor", "Factor", "What the rate is multiplied by.", 0.5, 0, 10)
                  .open(true, false)}},
            [](std::int64_t step, const Parameters& parameters) {
                const auto changes = static_cast<double>(step / parameters.integer("every"));
                return std::pow(parameters.real("factor"), changes);
            }};
}

} // namespace kappascope::schedules
