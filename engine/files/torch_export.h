// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <cstdint>
#include <filesystem>

namespace kappascope {

/// Writes `experiment` for PyTorch into `folder`: experiment.json, data.safetensors, initial/RUN.safetensors,
/// batches.safetensors (the samples of the first `steps` mini-batches; a single row where each of them is the
/// whole training set), augmented.safetensors (their inputs, where images are changed at random) and
/// train.py, which trains the runs and reproduces their train_loss. Loads the data and builds the networks:
/// call it from a worker. Throws InputError when the data cannot be loaded, the mini-batches come to more
/// than 2^25 indices (256 MiB) or 1 GiB of augmented inputs, or a file cannot be written.
void exportTorch(const Experiment& experiment, const std::filesystem::path& folder, std::int64_t steps);

} // namespace kappascope
