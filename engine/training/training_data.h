// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/loader_thread.h"
#include "engine/data/augmentation.h"
#include "engine/network/loss.h"

#include <memory>

namespace kappascope {

/// Data in the form that a trainer of precision S uses; shared by all runs, read only.
template<class S>
struct TrainingData {
    Dataset train, test;
    Targets<S> trainTargets, testTargets;
    Augmentation augmentation{}; ///< of the training batches
    /// Gathers mini-batches ahead, where that takes long; null: each run gathers its own as it needs them.
    std::shared_ptr<LoaderThread> loader = nullptr;
};

} // namespace kappascope
