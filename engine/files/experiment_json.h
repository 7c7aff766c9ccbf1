// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/key_info.h"
#include "engine/laboratory/experiment.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// The experiment that the JSON document `text` holds: what it leaves out takes its default, ids are 1, 2,
/// ... in the order of the runs. Throws InputError with the path of what is wrong (`data.noise`,
/// `runs[1].optimizer`), or line and column when it is not JSON at all; `file` names the document in
/// messages.
Experiment parseExperiment(std::string_view text, const std::string& file = {});

/// The document with every default filled in; the same text for the same experiment, always.
std::string formatExperiment(const Experiment& experiment);

/// From and to a file. A relative data path is relative to the file's folder: it is made absolute when read,
/// and relative again when written where the data lie in that folder or below. Throws InputError naming the
/// file; writing replaces it in one go.
Experiment loadExperiment(const std::filesystem::path& file);
void saveExperiment(const Experiment& experiment, const std::filesystem::path& file);

/// The JSON Schema (draft 2020-12) of experiment and session files; resources/kappascope.schema.json.
std::string experimentSchema();

/// Every key of the document, for help. Parameters of methods and data sets are in their catalogs.
std::vector<KeyInfo> experimentKeys();

} // namespace kappascope
