// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <span>
#include <string>

namespace kappascope {

/// `experiment` with each of `assignments`, "PATH=VALUE", made in turn. PATH is the JSON path in the
/// experiment's document: "batch_size", "model.hidden", "data.scale[1]"; a run is named by its name or its
/// position from 0: "runs.BNP.optimizer.learning_rate", "runs[0].name". VALUE is JSON; text needs no quotes,
/// a list no brackets ("64,64"). Naming another method or data set keeps what stands beside its parameters
/// and gives those their defaults. Throws InputError that names the path, says what was expected and suggests
/// the nearest name; then nothing is changed.
Experiment withOverrides(const Experiment& experiment, std::span<const std::string> assignments);

} // namespace kappascope
