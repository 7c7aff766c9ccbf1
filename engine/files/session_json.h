// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/command.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace kappascope {

/// An experiment with the log of what its user changed while it trained: enough to replay it bit for bit, and
/// to open the window as it was left.
struct SessionDocument {
    Experiment start;            ///< as it was at step 0
    std::vector<Change> changes; ///< in the order of their steps
    std::int64_t step = 0;       ///< how far it has trained
    bool playing = false;
    double speed = 0;   ///< steps per second at most; 0: as fast as the machine goes
    std::string window; ///< the window's layout, a JSON object that the engine does not look into; or empty
};

/// From JSON. A plain experiment is a session at step 0. In Change::after a run keeps its id through changes:
/// runs are recognized by name, a renamed one by its position. Throws InputError like parseExperiment().
SessionDocument parseSession(std::string_view text, const std::string& file = {});

/// The experiment's document with "session" beside its keys; changes as JSON Patch (RFC 6902).
std::string formatSession(const SessionDocument& session);

/// From and to a file; data paths as in loadExperiment().
SessionDocument loadSession(const std::filesystem::path& file);
void saveSession(const SessionDocument& session, const std::filesystem::path& file);

} // namespace kappascope
