// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"

#include <cstdint>

namespace kappascope {

/// A factor on the learning rate as a function of the step, from 0.
struct ScheduleEntry : Description {
    std::function<double(std::int64_t step, const Parameters&)> factor;
};
/// constant, step, cosine, warmup (linear, then constant or cosine). To add one: one file in schedules/ with
/// a function returning its entry, and one line in schedule_catalog.cpp.
const Catalog<ScheduleEntry>& scheduleCatalog();

} // namespace kappascope
