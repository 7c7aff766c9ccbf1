// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"
#include "engine/normalization/input_statistics.h"
#include "engine/normalization/normalization.h"
#include "engine/probes/probe.h"
#include "engine/training/training_data.h"

#include <optional>

namespace kappascope {

/// Scores a network on whole data sets, in evaluation mode, by chunks in a fixed order and with sums in
/// float64, so that the numbers do not depend on the batch size or the number of threads. Does not allocate
/// after construction.
template<class S>
class Evaluator {
public:
    /// For `network`, or another of its layout, with this normalization.
    Evaluator(const Network<S>& network, const Normalization<S>& normalization);

    Index chunk() const { return x_.cols(); } ///< columns; what the network must have reserved

    /// Where the normalization evaluates with the whole training set's statistics, makes them the stored
    /// ones; else nothing. Training mode does not read them.
    void refreshStatistics(Network<S>& network, const TrainingData<S>& data);

    /// Refreshes the statistics, then scores both sets.
    Evaluation evaluate(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data);

private:
    struct Score {
        double loss, accuracy; ///< NaN where there is nothing to average
    };
    Score score(Network<S>& network, const Loss<S>& loss, const Dataset& data, const Targets<S>& targets);

    std::optional<InputStatistics<S>> trainingSet_; ///< workspace, where it is needed
    Matrix<S> x_;                                   ///< workspace: the chunk's inputs
};

} // namespace kappascope
