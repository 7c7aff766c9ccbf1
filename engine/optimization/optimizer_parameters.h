// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

namespace kappascope {

/// "learning_rate" with the default that is usual for the method. Every optimizer has it first.
Parameter learningRateParameter(double standard);
/// "momentum", beta.
Parameter momentumParameter();
/// "epsilon", added to a root in a denominator.
Parameter epsilonParameter(double standard);
/// A decay rate in [0, 1) of a running average.
Parameter decayParameter(std::string key, std::string label, std::string help, double standard);

} // namespace kappascope
