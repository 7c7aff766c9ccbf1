// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/initializations/draw.h"

namespace kappascope::initializations {

InitializationEntry uniform() {
    return {{.key = "uniform",
             .label = "Uniform",
             .help = "Uniform in +-gain * range, whatever the layer's size.",
             .reference = {},
             .parameters = {Parameter::real("range", "Range", "Largest size of a weight at gain 1.", 0.5,
                                            1e-6, 1e3)
                                .decades(),
                            gainParameter()}},
            [](Matrix<double>& W, const WeightShape&, const Parameters& parameters, RandomStream& random) {
                drawUniform(W, parameters.real("gain") * parameters.real("range"), random);
            }};
}

} // namespace kappascope::initializations
