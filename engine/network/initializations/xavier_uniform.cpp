// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

#include <cmath>

namespace kappascope::initializations {

InitializationEntry xavier_uniform() {
    return {
        {.key = "xavier_uniform",
         .label = "Xavier, uniform",
         .help = "Uniform in +-gain sqrt(6/(inputs + outputs)): keeps the variance of signals and of "
                 "gradients for units of slope 1.",
         .reference = "Glorot, Bengio, AISTATS 2010, eq. 16",
         .parameters = {gainParameter()}},
        [](Matrix<double>& W, const WeightShape& shape, const Parameters& parameters, RandomStream& random) {
            drawUniform(W, parameters.real("gain") * std::sqrt(6 / (fanIn(W) + fanOut(shape))), random);
        }};
}

} // namespace kappascope::initializations
