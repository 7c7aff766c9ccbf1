// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/loss.h"

namespace kappascope::ui {

/// Whether a loss can be used with data of this kind: a form offers no other.
bool lossFits(const LossEntry& loss, const Dataset& data);

} // namespace kappascope::ui
