// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <QString>

namespace kappascope::ui {

/// The methods of one run as text for the clipboard: what its object in a session's file holds, but for what
/// tells it from other runs (name, colour, whether it is hidden, what it is a fork of). `position` counts the
/// experiment's runs.
QString runSettingsText(const Experiment& experiment, int position);

/// The run at `position` with the methods in `text`, which runSettingsText() has made or somebody has
/// written: what it leaves out is as in a file that leaves it out. Throws InputError, its place "clipboard
/// ...", for text that holds no such thing.
RunSpec withRunSettings(const Experiment& experiment, int position, const QString& text);

} // namespace kappascope::ui
