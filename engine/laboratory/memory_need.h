// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"
#include "engine/laboratory/experiment.h"

#include <cstdint>

namespace kappascope {

/// Throws InputError at the model when the runs of `experiment`, each of a network `plan` on mini-batches of
/// `batch`, cannot fit into `memory` bytes: before a system that promises more memory than it has ends
/// whatever it likes.
void checkMemory(const Experiment& experiment, const NetworkPlan& plan, Index batch, double memory);

/// Bytes that this machine has; infinity where that cannot be told.
double machineMemory();

} // namespace kappascope
