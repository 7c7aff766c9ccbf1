// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "benchmarks/training_case.h"

namespace kappascope::bench {

/// A row that trains `which`; items are steps. Also says the arithmetic of a step, in multiply-adds as 2.
void registerTraining(const std::string& row, const TrainingCase& which);

} // namespace kappascope::bench
