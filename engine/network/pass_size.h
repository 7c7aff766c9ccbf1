// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"

namespace kappascope {

/// How many samples to evaluate in one pass where any number will do: 512, or as many as keep the activations
/// of a large network within 32 MiB (resnet20 with batch normalization has 0.7 million a sample), at least 8.
Index samplesOfOnePass(const Network<double>& network);

} // namespace kappascope
