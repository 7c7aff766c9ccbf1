// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry xavier_normal() {
    return {
        {.key = "xavier_normal",
         .label = "Xavier, normal",
         .help = "Normal with deviation gain sqrt(2/(inputs + outputs)): keeps the variance of signals "
                 "and of gradients for units of slope 1.",
         .reference = "Glorot, Bengio, AISTATS 2010, eq. 12",
         .parameters = {gainParameter()}},
        [](Matrix<double>& W, const WeightShape& shape, const Parameters& parameters, RandomStream& random) {
            drawNormal(W, parameters.real("gain") * std::sqrt(2 / (fanIn(W) + fanOut(shape))), random);
        }};
}

} // namespace kappascope::initializations
