// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/studies/study_context.h"
#include "engine/studies/study_result.h"

#include <functional>
#include <string>
#include <vector>

namespace kappascope {

/// A claim of the paper with the study that looks whether it is seen here: label is its title, help what the
/// paper says in our words, reference where it says so.
struct Claim : Description {
    std::string measured;             ///< how, in a few sentences
    std::vector<std::string> presets; ///< experiments that show it in the window
    /// Deterministic in the context's options, whatever its number of threads. Throws InputError (images that
    /// are not there), WorkCancelled.
    std::function<StudyResult(StudyContext&)> study;
    /// Processor seconds that this takes, an estimate: by trials on this machine where it is long.
    std::function<double(const StudyContext&)> seconds;
};

/// All claims, in the order of a report. To add one: one file in studies/claims/ with a function returning
/// its entry, and one line in claim_catalog.cpp.
const Catalog<Claim>& claimCatalog();

/// Runs the study of `claim` and measures the processor time that the process spends on it.
StudyResult runStudy(const Claim& claim, StudyContext& context);

} // namespace kappascope
