// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/alignment.h"

#include "engine/curvature/neuron_blocks.h"
#include "engine/curvature/parameter_range.h"

#include <Eigen/QR>

#include <algorithm>

namespace kappascope {

namespace {

/// The labels of the operator's samples, a column each.
Matrix<double> targetsOf(const CurvatureData& data) {
    const Index n = static_cast<Index>(data.samples.size());
    if (data.targets.labels.empty()) return data.targets.values(Eigen::all, data.samples);
    const int classes = 1 + *std::ranges::max_element(data.targets.labels);
    Matrix<double> Y = Matrix<double>::Zero(classes, n);
    for (Index j = 0; j < n; ++j)
        Y(data.targets.labels[static_cast<std::size_t>(data.samples[static_cast<std::size_t>(j)])], j) = 1;
    return Y;
}

} // namespace

Alignment alignment(const HessianOperator& op) {
    return alignment(op.inputOfWeighted(weightedLayers(op.network()) - 1), targetsOf(*op.problem().data));
}

Alignment alignment(ConstMatrixRef<double> h, ConstMatrixRef<double> targets) {
    Matrix<double> A(h.cols(), h.rows() + 1);
    A.leftCols(h.rows()) = h.transpose();
    A.rightCols(1).setOnes();
    const Vector<double> sizes = singularValues(A);
    Alignment result{A.rows(), A.cols(), 0, {}};
    const double cutoff =
        static_cast<double>(std::max(A.rows(), A.cols())) * std::numeric_limits<double>::epsilon() * sizes[0];
    result.rank = (sizes.array() > cutoff).count();

    // With pivots the first `rank` reflections span the columns.
    const Eigen::ColPivHouseholderQR<Matrix<double>> qr(A);
    const Matrix<double> Q = qr.householderQ() * Matrix<double>::Identity(A.rows(), result.rank);
    const Matrix<double> Y = targets.transpose();
    const double whole = (Y.rowwise() - Y.colwise().mean()).squaredNorm();
    result.shareOutside = whole > 0 ? Reading::computed((Y - Q * (Q.transpose() * Y)).squaredNorm() / whole)
                                    : Reading::notDefined("all labels are equal");
    return result;
}

} // namespace kappascope
