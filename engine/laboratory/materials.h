// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"
#include "engine/training/trainer.h"

namespace kappascope {

/// What all runs of an experiment in precision S start from; read only, shared. Another experiment that
/// needsRestart() needs other materials.
template<class S>
struct Materials {
    std::shared_ptr<const Split> split;
    std::shared_ptr<const TrainingData<S>> data;
    std::shared_ptr<const Loss<S>> loss;
    std::shared_ptr<const Loss<double>> exactLoss; ///< for snapshots
    ModelSpec model;                               ///< its start; l2 is the runs'
    SeedSpec seed;
    Index outputs = 0;
    NetworkPlan plan; ///< of `model`, normalizations left out

    /// Throws InputError when the loss or the network does not fit the data.
    Materials(const Experiment& experiment, std::shared_ptr<const Split> data);

    /// A network with the start weights, the same for every normalization.
    std::unique_ptr<Network<S>> startNetwork(const Normalization<S>& normalization) const;
};

} // namespace kappascope
