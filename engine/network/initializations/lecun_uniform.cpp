// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry lecun_uniform() {
    return {{.key = "lecun_uniform",
             .label = "LeCun, uniform",
             .help = "Uniform in +-gain sqrt(3/inputs): sums of unit inputs have variance gain^2.",
             .reference = "LeCun, Bottou, Orr, Mueller, Efficient BackProp, 1998, section 4.6",
             .parameters = {gainParameter()}},
            [](Matrix<double>& W, const WeightShape&, const Parameters& parameters, RandomStream& random) {
                drawUniform(W, parameters.real("gain") * std::sqrt(3 / fanIn(W)), random);
            }};
}

} // namespace kappascope::initializations
