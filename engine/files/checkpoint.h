// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/safetensors.h"
#include "engine/laboratory/laboratory.h"

namespace kappascope {

/// Weights and stored statistics under PyTorch's names and shapes, in the precision of the training, which
/// holds them exactly.
TensorFile checkpoint(const std::vector<Laboratory::NamedTensor>& weights, Precision precision);

/// "step-00001000.safetensors".
std::string checkpointName(std::int64_t step);

/// A name for a file or folder for each of `names`: what file systems do not take becomes '_', and no two are
/// alike, not even on a system that ignores case. None of them is one of `reserved`.
std::vector<std::string> fileNames(const std::vector<std::string>& names,
                                   const std::vector<std::string>& reserved = {});

} // namespace kappascope
