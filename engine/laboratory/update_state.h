// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/coordinates.h"
#include "engine/data/augmentation.h"
#include "engine/data/batch_plan.h"
#include "engine/laboratory/run_settings.h"

namespace kappascope {

/// How a run's next update will treat the gradient: methods, their state in float64, rate and mini-batches.
struct UpdateState {
    RunSettings settings;
    double learningRate; ///< of the next step, schedule included
    BatchPlan plan;
    /// Those of TrainerState that belong to methods: "preconditioner.D.NAME", "optimizer.NAME".
    std::vector<std::pair<std::string, Vector<double>>> tensors;
    Augmentation augmentation{}; ///< of the mini-batches

    std::unique_ptr<Optimizer<double>> optimizer(Index parameters) const;
    /// By dense layer of `network`; null where none acts.
    Coordinates::Layers preconditioners(const Network<double>& network) const;
};

} // namespace kappascope
