// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/safetensors.h"
#include "engine/laboratory/saved_training.h"

#include <span>

namespace kappascope {

/// A saved training as tensors: of run I "I.now.theta", "I.now.optimizer.NAME", ..., "I.kept0.theta", ...,
/// parameters and states in the precision of the training, which holds them exactly; "I.numbers" and
/// "I.losses" tell how the run stands, the metadata why. Of the changes only their number: they stand in the
/// session's document.
TensorFile trainingState(const SavedTraining& saved, Precision precision);

/// The inverse, of a training with these `changes`, of which it takes those that had been made. Throws
/// InputError naming `place` when a tensor is missing or has another type, or a change is missing.
SavedTraining readTrainingState(const TensorFile& file, const std::string& place,
                                std::span<const Change> changes);

} // namespace kappascope
