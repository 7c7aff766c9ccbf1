// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/method_field.h"
#include "engine/laboratory/experiment.h"

#include <map>

namespace kappascope {

/// The key "runs" of an experiment's document.
Field<Experiment> runsField();

/// The catalogs that a run names members of, by their keys in its object.
std::map<std::string, Members, std::less<>> runMembers();

/// The runs of a document that names none: plain, BN and BNP.
std::vector<RunSpec> standardRuns();

} // namespace kappascope
