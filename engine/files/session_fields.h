// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/files/json.h"

namespace kappascope {

/// JSON Schema of the key "session" of a session's document.
Json sessionSchema();

} // namespace kappascope
