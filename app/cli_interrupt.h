// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"

namespace kappascope::cli {

/// From now on Ctrl-C and SIGTERM set the flag that is returned, instead of ending the program; a second one
/// ends it at once.
const Cancelled& catchInterrupts();

} // namespace kappascope::cli
