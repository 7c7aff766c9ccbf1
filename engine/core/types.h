// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>

namespace kappascope {

using Index = Eigen::Index;

/// Activations are features x batch, column-major: one sample is one contiguous column.
template<class S>
using Matrix = Eigen::Matrix<S, Eigen::Dynamic, Eigen::Dynamic>;
template<class S>
using Vector = Eigen::Matrix<S, Eigen::Dynamic, 1>;

/// Views for arguments. Columns are contiguous; columns may lie further apart than their length.
template<class S>
using MatrixRef = Eigen::Ref<Matrix<S>>;
template<class S>
using ConstMatrixRef = const Eigen::Ref<const Matrix<S>>&;
template<class S>
using VectorRef = Eigen::Ref<Vector<S>>;
template<class S>
using ConstVectorRef = const Eigen::Ref<const Vector<S>>&;

/// Views into the flat parameter and gradient vectors that a network owns.
template<class S>
using MatrixMap = Eigen::Map<Matrix<S>>;
template<class S>
using VectorMap = Eigen::Map<Vector<S>>;

} // namespace kappascope
