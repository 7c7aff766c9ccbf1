// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

namespace kappascope {

/// The numbers, choices and switches of an experiment outside its data (those are dataDials()) and methods
/// (those are in the catalogs), named by their path in the experiment file: "batch_size", "model.l2",
/// "stop.patience". Range and help for validate(), forms, files and the schema.
const std::vector<Parameter>& experimentParameters();

/// The one at `path`; it must exist.
const Parameter& experimentParameter(std::string_view path);

} // namespace kappascope
