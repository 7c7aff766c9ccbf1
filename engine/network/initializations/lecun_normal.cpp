// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry lecun_normal() {
    return {{.key = "lecun_normal",
             .label = "LeCun, normal",
             .help = "Normal with deviation gain sqrt(1/inputs): sums of unit inputs have variance gain^2.",
             .reference = "LeCun, Bottou, Orr, Mueller, Efficient BackProp, 1998, section 4.6",
             .parameters = {gainParameter()}},
            [](Matrix<double>& W, const WeightShape&, const Parameters& parameters, RandomStream& random) {
                drawNormal(W, parameters.real("gain") * std::sqrt(1 / fanIn(W)), random);
            }};
}

} // namespace kappascope::initializations
