// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"

namespace kappascope {

/// The members in menu order: one line each, beside its file of the same name in schedules/.
#define SCHEDULES(ADD)                                                                                       \
    ADD(constant)                                                                                            \
    ADD(staircase)                                                                                           \
    ADD(cosine)                                                                                              \
    ADD(warmup)

namespace schedules {

#define DECLARE(member) ScheduleEntry member();
SCHEDULES(DECLARE)
#undef DECLARE

} // namespace schedules

const Catalog<ScheduleEntry>& scheduleCatalog() {
#define LIST(member) schedules::member(),
    static const Catalog<ScheduleEntry> catalog("schedule", {SCHEDULES(LIST)});
#undef LIST
    return catalog;
}

} // namespace kappascope
