// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"
#include "engine/optimization/schedules/half_cosine.h"

namespace kappascope::schedules {

ScheduleEntry cosine() {
    return {{"cosine",
             "Cosine",
             "The learning rate falls along half a cosine to a floor, and stays there.",
             "Loshchilov, Hutter, ICLR 2017, equation 5",
             {Parameter::integer("steps", "Length (steps)", "Steps until the floor is reached.", 5000, 1,
                                 1'000'000'000),
              Parameter::real("floor", "Floor", "Share of the learning rate that remains.", 0, 0, 1)}},
            [](std::int64_t step, const Parameters& parameters) {
                return halfCosine(step, parameters.integer("steps"), parameters.real("floor"));
            }};
}

} // namespace kappascope::schedules
