// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/error.h"
#include "engine/files/json.h"
#include "engine/laboratory/experiment.h"

#include <filesystem>

namespace kappascope {

/// The experiment in `document`, its structure checked (keys, types, ranges, names of methods) but not what
/// only validate() sees: runs named twice, a loss that does not fit the data. Throws InputError at the path
/// of what is wrong.
Experiment readDocument(const Json& document);

/// The document of `experiment`, complete.
Json writeDocument(const Experiment& experiment);

/// Calls `read`; puts `file` before the place of the InputErrors that it throws.
template<class F>
auto inFile(const std::string& file, F read) {
    try {
        return read();
    } catch (const InputError& error) {
        if (file.empty()) throw;
        throw InputError(error.place().empty() ? file : file + ": " + error.place(), error.problem(),
                         error.advice());
    }
}

/// `path`, relative to the folder of `file`, as an absolute path; an absolute or empty one as it is.
std::string resolvedFrom(const std::filesystem::path& file, const std::string& path);
/// The inverse: relative where `path` lies in the folder of `file` or below.
std::string relativeTo(const std::filesystem::path& file, const std::string& path);

} // namespace kappascope
