// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kappascope {

/// Everything that a step's arithmetic depends on besides the data, the plan of batches and the methods:
/// enough to go on exactly, bit for bit. Checkpoints, forks and "back to the last finite state" are copies of
/// it.
template<class S>
struct TrainerState {
    std::int64_t step = 0;
    Vector<S> theta, start;
    /// "network.NAME" (stored statistics), "preconditioner.D.NAME" (of dense layer D), "optimizer.NAME".
    std::vector<std::pair<std::string, Vector<S>>> tensors;
};

} // namespace kappascope
