// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/studies/claim_catalog.h"

#include <filesystem>
#include <string>
#include <vector>

namespace kappascope {

/// A claim and what came of it.
struct StudiedClaim {
    const Claim* claim;
    StudyResult result;
};

/// What a reader must know of the run as a whole.
struct ReportHead {
    StudyOptions options;
    std::string images;    ///< the data set's label
    std::string command;   ///< that makes it again
    std::string processor; ///< of the machine
    std::string date;      ///< "2026-11-27"; empty: the page does not say when
};

/// The report as one HTML page: verdicts at a glance, then for each claim what the paper says, how it was
/// measured, what was found, figures and tables. Needs no other file and no script; light or dark as the
/// reader's system is.
std::string reportPage(const ReportHead& head, const std::vector<StudiedClaim>& claims);

/// Tidy CSV: claim,setting,run,learning_rate,seed,metric,step,value.
std::string measurementsCsv(const std::vector<StudiedClaim>& claims);
/// claim,verdict,expected,seen,measured: a row a finding.
std::string findingsCsv(const std::vector<StudiedClaim>& claims);

/// Writes index.html, measurements.csv, findings.csv and one figures/KEY.svg each into `folder`, which is
/// made where it does not exist. Throws InputError naming the file that cannot be written.
void writeReport(const std::filesystem::path& folder, const ReportHead& head,
                 const std::vector<StudiedClaim>& claims);

} // namespace kappascope
