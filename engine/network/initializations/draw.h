// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/initialization.h"

namespace kappascope {

/// "gain", the factor that nearly every rule has.
inline Parameter gainParameter() {
    return Parameter::real("gain", "Gain", "Factor on the weights that the rule draws.", 1, 1e-3, 1e3)
        .decades();
}

/// W_ij uniform in [-bound, bound), column by column.
inline void drawUniform(Matrix<double>& W, double bound, RandomStream& random) {
    for (Index i = 0; i < W.size(); ++i)
        W(i) = random.uniform(-bound, bound);
}

/// W_ij normal with mean 0, column by column.
inline void drawNormal(Matrix<double>& W, double deviation, RandomStream& random) {
    for (Index i = 0; i < W.size(); ++i)
        W(i) = deviation * random.normal();
}

inline double fanIn(const Matrix<double>& W) {
    return static_cast<double>(W.cols());
}
inline double fanOut(const WeightShape& shape) {
    return static_cast<double>(shape.fanOut());
}

} // namespace kappascope
