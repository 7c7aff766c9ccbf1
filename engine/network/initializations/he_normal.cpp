// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry he_normal() {
    return {{.key = "he_normal",
             .label = "He, normal",
             .help = "Normal with deviation gain sqrt(2/inputs): keeps the variance of signals through ReLU.",
             .reference = "He, Zhang, Ren, Sun, ICCV 2015, eq. 10",
             .parameters = {gainParameter()}},
            [](Matrix<double>& W, const WeightShape&, const Parameters& parameters, RandomStream& random) {
                drawNormal(W, parameters.real("gain") * std::sqrt(2 / fanIn(W)), random);
            }};
}

} // namespace kappascope::initializations
