// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace kappascope::ui {

/// One metric in a plot. Solid: as it trains, training set; dashed: raw, test set.
struct SeriesSpec {
    std::string metric; ///< key in the probe catalog
    QString label;      ///< "train", "test"; empty when the plot has one series
    bool dashed = false;
};

/// What one plot shows.
struct PlotSpec {
    std::string key; ///< in saved layouts: "loss", "gradient_norm"
    QString title, help, unit;
    std::vector<SeriesSpec> series;
    bool perLayer = false;
    bool logarithmic = false; ///< to begin with
};

/// All plots that there are, in menu order: what train and test have in common in one plot, every other
/// instrument in one of its own. Built from the probe catalog.
const std::vector<PlotSpec>& plotSpecs();
/// Null for an unknown key.
const PlotSpec* findPlotSpec(const std::string& key);

} // namespace kappascope::ui
