// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

namespace kappascope {

/// One layer's place in a Hessian-vector product by the R-operator (Pearlmutter, Neural Computation 6, 1994):
/// R{f}(theta) = d/dr f(theta + r v) at r = 0, an exact directional derivative of everything that the forward
/// and the backward pass compute. Views; all matrices have as many columns as the pass had samples.
template<class S>
struct Tangent {
    using View = Eigen::Ref<const Matrix<S>>;

    View in, out, dOut; ///< what the layer received and gave, and dL/dout, at theta
    const View* inDot;  ///< R{in}; null: nothing below moves, R{in} = 0
    const S* v;         ///< the layer's part of v, laid out as its parameters; null: 0
};

} // namespace kappascope
