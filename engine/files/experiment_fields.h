// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/method_field.h"
#include "engine/laboratory/experiment.h"

namespace kappascope {

/// The version of the format that is written, and the newest that is read.
inline constexpr int formatVersion = 1;

/// The keys of an experiment's document, in the order in which they are written. Parser, writer, schema and
/// the table of keys are made from them.
const Fields<Experiment>& experimentFields();

/// The catalog that the object under `key` ("data", "optimizer", ...) names a member of; null for other keys.
const Members* membersUnder(std::string_view key);

/// What an empty document means, but for the loss: that depends on the data.
Experiment blankExperiment();

/// Fills in what `experiment`, just read, left out and what depends on the rest: a loss that fits the data's
/// target, unless only a file that is still to be read can tell what that is.
void completeExperiment(Experiment& experiment);

} // namespace kappascope
