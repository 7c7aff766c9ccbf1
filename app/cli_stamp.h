// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <string>

namespace kappascope::cli {

/// "AMD EPYC", where the system tells.
std::string processorName();

/// Tells programs apart whose numbers may differ: the version, a hash of the program's file, which changes
/// with every build, and the processor, which chooses the kernels. Where the system does not show the file:
/// version and processor.
std::string programStamp();

/// A hash of all inputs and labels in float32, as 16 hex digits: other images, other stamp.
std::string dataStamp(const Split& data);

} // namespace kappascope::cli
