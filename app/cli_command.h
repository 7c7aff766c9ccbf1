// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/session_json.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace kappascope::cli {

/// Exit statuses: promises to scripts.
inline constexpr int done = 0, failed = 1, wrongUsage = 2;

/// The work that was asked for could not be done, though it was asked for in the right way.
class Failure : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// What the command line has asked for; set while it is parsed, called afterwards. Returns an exit status.
using Action = std::function<int()>;

/// One file each: cli_train.cpp, ...
void addTrain(CLI::App& app, Action& action);
void addSpectrum(CLI::App& app, Action& action);
void addReproduce(CLI::App& app, Action& action);
void addExport(CLI::App& app, Action& action);
void addList(CLI::App& app, Action& action);
void addDescribe(CLI::App& app, Action& action);

/// EXPERIMENT and --set, which several commands take.
struct ExperimentOptions {
    std::string experiment;
    std::vector<std::string> overrides;

    void addTo(CLI::App& command);
    /// Reads the experiment or session and makes the changes, in its later states too. Throws InputError.
    SessionDocument open() const;
};

/// Throws why an experiment could not be set up: an InputError where that is a mistake in a value of its
/// file, else a Failure.
[[noreturn]] void refuse(const std::string& failure);

/// A message on standard error: "kappascope-cli: TEXT".
void tell(const std::string& text);

} // namespace kappascope::cli
