// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_spec.h"

#include <QIODevice>
#include <limits>

namespace kappascope::ui {

/// Which numbers of a plot go into a table.
struct CsvRange {
    std::int64_t fromStep = 0, toStep = std::numeric_limits<std::int64_t>::max();
};

/// Writes the data behind a plot, tidy, one value a row, dot decimals, 17 digits:
///   run,step,metric,layer,value,last_step,minimum,maximum,count,not_finite
/// The first five columns are those of history.csv. Where the history has merged old values, a row stands for
/// the steps from `step` to `last_step`: value is their mean, and count tells how many they are; else
/// last_step equals step and count is 1. The layer counts from 0 and is empty for the whole network. Hidden
/// runs are left out. Reads histories and nothing else: any thread.
void writeCurveCsv(const PlotScene& scene, const PlotSpec& spec, int layer, const CsvRange& range,
                   QIODevice& out);

} // namespace kappascope::ui
