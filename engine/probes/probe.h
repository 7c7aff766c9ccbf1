// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/network/network.h"
#include "engine/telemetry/history.h"

#include <optional>

namespace kappascope {

/// Losses and accuracies over whole sets, in evaluation mode. Accuracies are shares in [0, 1], NaN for
/// regression; test values are NaN without a test set.
struct Evaluation {
    double trainLoss, trainAccuracy, testLoss, testAccuracy;
};

/// What a step lets the probes see. Vectors are the network's flat ones; `gradient` and `update` are empty at
/// steps where no Regular probe is due.
template<class S>
struct Observation {
    std::int64_t step;          ///< number of the step, from 0: the batch that was used
    const Network<S>& network;  ///< after the forward pass of this step's batch
    ConstMatrixRef<S> batch;    ///< its inputs, features x n
    ConstVectorRef<S> theta;    ///< parameters after the update
    ConstVectorRef<S> gradient; ///< raw gradient of the mini-batch loss, before preconditioning
    ConstVectorRef<S> update;   ///< theta after - theta before
    ConstVectorRef<S> start;    ///< theta at step 0 (or at the last change of coordinates)
    double batchLoss;           ///< before the update
    double learningRate;        ///< of this step, schedule included
    const std::optional<Evaluation>&
        evaluation; ///< of theta *before* the update of this step; empty when not due
};

/// Where a probe's numbers go.
class ProbeSink {
public:
    virtual ~ProbeSink() = default;
    virtual void record(const SeriesKey& key, std::int64_t step, double value) = 0;
};

/// When a probe is due.
enum class Cadence {
    EveryStep, ///< cheap: every step
    Regular,   ///< at the steps that the experiment's measure_every says, or its evaluate_every where the
               ///< probe needs an evaluation
    Snapshot   ///< not in the step: beside the training, from snapshots of the network
};

/// One thing that is measured: a number for the whole network or one for each dense layer.
struct ProbeEntry : Description {
    std::string unit; ///< "", "nats", "share": on hover and in file headers
    Cadence cadence = Cadence::Regular;
    bool needsEvaluation = false;
    bool perLayer = false;    ///< also (or only) one value for each dense layer
    bool logarithmic = false; ///< usually drawn on a logarithmic axis
    /// Empty for Cadence::Snapshot.
    std::function<void(const Observation<float>&, ProbeSink&)> measureFloat;
    std::function<void(const Observation<double>&, ProbeSink&)> measureDouble;
};

/// All instruments' numbers, in menu order. An entry's help is its exact definition; tooltips show it.
const Catalog<ProbeEntry>& probeCatalog();

} // namespace kappascope
