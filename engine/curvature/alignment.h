// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/reading.h"
#include "engine/curvature/hessian_operator.h"

namespace kappascope {

/// Whether the last dense layer alone could fit the labels (Kawaguchi, Zhang, Deng, Neural Computation 34(4),
/// 2022, data-architecture alignment): the column space of [h, 1], h the last hidden representation, a sample
/// a row, against the labels Y (one column a class, 0 or 1; numbers as they are).
struct Alignment {
    Index samples = 0, columns = 0; ///< of [h, 1]
    Index rank = 0; ///< singular values above samples * 2.2e-16 * the largest; full: `samples`
    /// |Y - projection of Y|^2 / |Y - mean of Y|^2: 0 when the labels lie within, 1 when h tells nothing.
    Reading shareOutside;
};

/// At the operator's theta, over its data.
Alignment alignment(const HessianOperator& op);
/// The same of any representation (a sample a column) and targets (a sample a column).
Alignment alignment(ConstMatrixRef<double> h, ConstMatrixRef<double> targets);

} // namespace kappascope
