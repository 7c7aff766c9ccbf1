// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/plot_scene.h"
#include "ui/plots/plot_spec.h"

#include <QDialog>

namespace kappascope::ui {

/// What one series did between two steps, over its finite values.
struct RangeStatistics {
    QString run, series;
    std::int64_t count = 0, notFinite = 0;
    double first, last, mean, minimum, maximum;      ///< NaN when count is 0
    std::int64_t minimumStep = -1, maximumStep = -1; ///< exact while single values are kept
    double slope;                                    ///< a decade of steps, as slopePerDecade()
};

/// Of all shown runs between the steps `from` and `to`.
std::vector<RangeStatistics> statisticsOf(const PlotScene& scene, const PlotSpec& spec, int layer,
                                          std::int64_t from, std::int64_t to, bool logY);

/// The same as a table in a small window that stays while one works on; can be copied as text.
QDialog* showStatistics(QWidget* parent, const QString& title, const std::vector<RangeStatistics>& statistics,
                        bool logY);

} // namespace kappascope::ui
