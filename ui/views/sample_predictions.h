// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/snapshot.h"
#include "ui/views/view_worker.h"

#include <QString>
#include <vector>

namespace kappascope::ui {

/// A network's predictions for samples of the test set, or of the training set when nothing is held out.
struct SamplePredictions {
    static constexpr Index mostSamples = 2000; ///< evaluated for one picture

    bool test = false;       ///< of the test set
    Index total = 0;         ///< samples in that set
    std::vector<int> sample; ///< numbers of the samples evaluated, increasing; an even choice of mostSamples
    std::vector<int> truth, predicted; ///< classification
    std::vector<double> confidence;    ///< classification: probability of the predicted class
    std::vector<double> ofTruth;       ///< classification: probability of the true class
    std::vector<double> target, value; ///< regression, the first target
    bool complete = false;             ///< false when cancelled on the way

    /// "test set, 2,000 of 10,000 samples"
    QString source() const;
};

/// In blocks, looking at the cancel flag between them.
SamplePredictions predictSamples(const Snapshot& snapshot, const Cancelled& cancelled);

/// At most `most` numbers below `total`, evenly spread: sets are often sorted, so the first ones would
/// mislead.
std::vector<int> evenlyChosen(Index total, Index most);

/// The set that predictSamples takes from.
const Dataset& shownSet(const Split& split);

} // namespace kappascope::ui
