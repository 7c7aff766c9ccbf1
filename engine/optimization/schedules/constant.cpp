// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"

namespace kappascope::schedules {

ScheduleEntry constant() {
    return {{"constant", "Constant", "The learning rate stays as it is.", "", {}},
            [](std::int64_t, const Parameters&) { return 1.0; }};
}

} // namespace kappascope::schedules
