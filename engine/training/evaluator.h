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
/// float64, so that the numbers do not depend on the batch size or the number of threads. One pass, of one
/// chunk, at a time: whoever evaluates may do something else in between, as long as that leaves the network
/// as it is; the numbers are the same. Does not allocate after construction.
template<class S>
class Evaluator {
public:
    /// For `network`, or another of its layout, with this normalization.
    Evaluator(const Network<S>& network, const Normalization<S>& normalization);

    Index chunk() const { return x_.cols(); } ///< columns; what the network must have reserved

    /// From here on the network is another, or has other parameters or statistics.
    void begin();
    /// Goes on by one pass at most: first refreshes the statistics, then scores both sets. True when all is
    /// done: then evaluation() has it.
    bool proceed(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data);
    Evaluation evaluation() const;
    /// Of the samples of `data`, the share that has been scored since begin(); 1: evaluation() has it all.
    double share(const TrainingData<S>& data) const;
    /// Where the normalization evaluates with the whole training set's statistics, makes them the stored
    /// ones, as far as that is still to be done since begin(); else nothing. Training mode does not read
    /// them.
    void refreshStatistics(Network<S>& network, const TrainingData<S>& data);

    /// All of it, from the beginning.
    Evaluation evaluate(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data);

private:
    struct Score {
        Index samples = 0, correct = 0;
        double sum = 0; ///< of the losses
    };
    struct Mean {
        double loss, accuracy; ///< NaN where there is nothing to average
    };
    bool proceedWithStatistics(Network<S>& network, const TrainingData<S>& data);
    bool proceed(Score& score, Network<S>& network, const Loss<S>& loss, const Dataset& data,
                 const Targets<S>& targets);
    Mean mean(const Score& score) const;

    std::optional<InputStatistics<S>> trainingSet_; ///< workspace, where it is needed
    Matrix<S> x_;                                   ///< workspace: the chunk's inputs
    std::size_t layer_ = 0;                         ///< whose statistics are the next to be refreshed
    bool refreshed_ = false;
    Score train_, test_;
    Task task_ = Task::Classification;
};

} // namespace kappascope
