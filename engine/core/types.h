// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <Eigen/Core>
#include <type_traits>

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

/// Contiguous columns, `stride` elements apart, of a matrix, of a part of it, or of a vector: what an
/// Eigen::Ref is, without what it costs. (A Ref to constants has room for a copy, set up and torn down at
/// each call: made of those, a step of 2-8-8-8-1 at batch 10 took a third longer.) S may be const.
template<class S>
struct Columns {
    S* data = nullptr;
    Index rows = 0, cols = 0, stride = 0;

    Columns() = default;
    Columns(S* first, Index height, Index width, Index apart)
        : data(first), rows(height), cols(width), stride(apart) {}
    /// Of whatever Eigen object stands in memory; like a Ref, it may be a temporary view.
    template<class M>
    Columns(const Eigen::MatrixBase<M>& matrix) // NOLINT: implicit, as a Ref
        : data(const_cast<S*>(matrix.derived().data())), rows(matrix.rows()), cols(matrix.cols()),
          stride(matrix.derived().outerStride()) {
        static_assert(M::InnerStrideAtCompileTime == 1, "contiguous columns");
    }
    operator Columns<const S>() const // NOLINT: implicit
        requires(!std::is_const_v<S>) {
        return {data, rows, cols, stride};
    }

    bool gapless() const { return stride == rows || cols == 1; }
    Index size() const { return rows * cols; }
    Columns middleCols(Index first, Index count) const {
        return {data + first * stride, rows, count, stride};
    }
    Columns middleRows(Index first, Index count) const { return {data + first, count, cols, stride}; }
    /// For Eigen's arithmetic.
    auto matrix() const {
        using Plain = Matrix<std::remove_const_t<S>>;
        using Map =
            Eigen::Map<std::conditional_t<std::is_const_v<S>, const Plain, Plain>, 0, Eigen::OuterStride<>>;
        return Map(data, rows, cols, Eigen::OuterStride<>(stride));
    }
};
template<class S>
using ConstColumns = Columns<const S>;

} // namespace kappascope
