// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <QStringList>

namespace kappascope::ui {

/// What `run` does otherwise than `reference` in the same experiment: "BNP", "rate 0.05", "momentum 0.99".
/// Empty when both train alike. Name, colour and visibility do not count. The fairness check.
QStringList runDifferences(const Experiment& experiment, const RunSpec& reference, const RunSpec& run);

} // namespace kappascope::ui
