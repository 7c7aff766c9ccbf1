// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPen>
#include <QString>
#include <optional>
#include <string>
#include <vector>

namespace kappascope::ui {

/// What tells the series of one plot apart: colours belong to the runs.
enum class Stroke { Solid, Dashed, Dotted, LongDashed };

/// Lengths of the dashes and of the gaps in pixels; both 0 for a solid line.
struct Dashes {
    double on = 0, off = 0;
};
Dashes dashesOf(Stroke stroke);
/// The same for legends.
QPen strokePen(const QColor& color, double width, Stroke stroke);

/// One metric in a plot. Solid: as it trains, training set; dashed: raw, test set; the others belong to a
/// second quantity in the same plot.
struct SeriesSpec {
    std::string metric; ///< key in the probe catalog
    QString label;      ///< "train", "test"; empty when the plot has one series
    Stroke stroke = Stroke::Solid;
    /// Metrics of the lower and the upper end of a band around it; empty: none.
    std::string low = {}, high = {};
};

/// What one plot shows.
struct PlotSpec {
    std::string key; ///< in saved layouts: "loss", "gradient_norm"
    QString title, help, unit;
    std::vector<SeriesSpec> series;
    bool perLayer = false;
    bool besideTraining = false; ///< measured from snapshots, not in the steps
    bool logarithmic = false;    ///< to begin with
    int layer = -1;              ///< dense layer to begin with, where it is per layer; -1: the whole network
    bool marksCrossings = false; ///< a dot where the first series rises above the second
    bool showsTheory = false;    ///< a line as theory predicts the first series
};

/// The loss of each step's mini-batch.
inline bool isBatchLoss(const SeriesSpec& series) {
    return series.metric == "train_loss";
}

/// All plots that there are, in menu order: what train and test have in common in one plot, every other
/// instrument in one of its own. Built from the probe catalog.
const std::vector<PlotSpec>& plotSpecs();
/// Whether it shows nothing but what only data with classes have: accuracies.
bool needsClasses(const PlotSpec& spec);
/// Null for an unknown key.
const PlotSpec* findPlotSpec(const std::string& key);

/// Quantities drawn in one plot share its axes; their keys joined by '+' are the plot's key. None for an
/// unknown or repeated key, and for more series than there are strokes.
std::optional<PlotSpec> joinedPlotSpec(const std::string& keys);
/// The keys of the quantities that a plot shows, one or several.
std::vector<std::string> quantitiesOf(const std::string& keys);

} // namespace kappascope::ui
