// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"
#include "engine/laboratory/experiment.h"

#include <cstdint>

namespace kappascope {

/// Weights and biases of dense layers `inputs` - hidden - `outputs`. A double: products may be huge.
double countParameters(Index inputs, const std::vector<int>& hidden, Index outputs);

/// Throws InputError at "model.hidden" when the runs of `experiment`, of `parameters` each, cannot fit into
/// `memory` bytes: before a system that promises more memory than it has ends whatever it likes.
void checkMemory(const Experiment& experiment, double parameters, double memory);

/// Bytes that this machine has; infinity where that cannot be told.
double machineMemory();

} // namespace kappascope
