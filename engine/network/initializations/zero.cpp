// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

namespace kappascope::initializations {

InitializationEntry zero() {
    return {
        {.key = "zero",
         .label = "Zero",
         .help = "All weights zero: with hidden layers the units stay alike for ever; to see why one draws.",
         .reference = {},
         .parameters = {}},
        [](Matrix<double>& W, const WeightShape&, const Parameters&, RandomStream&) { W.setZero(); }};
}

} // namespace kappascope::initializations
