// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/session_json.h"

#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// The names of the experiments that come with the program (resources/presets/NAME.kappa), in menu order;
/// the first is what the window opens with.
const std::vector<std::string>& presetNames();

/// The preset called `name`. Throws InputError with the nearest name when there is none.
Experiment preset(std::string_view name);

/// What a user names where an experiment is wanted: a preset, or the file of an experiment or session. A file
/// called like a preset is named with its folder (./default). Throws InputError.
SessionDocument openExperiment(const std::string& nameOrFile);

} // namespace kappascope
