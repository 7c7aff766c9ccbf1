// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry he_uniform() {
    return {{.key = "he_uniform",
             .label = "He, uniform",
             .help = "Uniform in +-gain sqrt(6/inputs): keeps the variance of signals through ReLU.",
             .reference = "He, Zhang, Ren, Sun, ICCV 2015, eq. 10",
             .parameters = {gainParameter()}},
            [](Matrix<double>& W, const WeightShape&, const Parameters& parameters, RandomStream& random) {
                drawUniform(W, parameters.real("gain") * std::sqrt(6 / fanIn(W)), random);
            }};
}

} // namespace kappascope::initializations
