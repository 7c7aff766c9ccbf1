// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"
#include "engine/network/loss.h"

namespace kappascope::ui {

/// Whether a loss can be used with data of this kind: a form offers no other.
bool lossFits(const LossEntry& loss, const Dataset& data);

/// The experiment with its loss when that fits data like these, else with the first one that does.
Experiment withFittingLoss(Experiment experiment, const Dataset& like);

} // namespace kappascope::ui
