// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/dataset.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <Eigen/SVD>

#include <algorithm>
#include <limits>

namespace kappascope {

namespace {

constexpr Index blockSamples = 1024;   ///< samples converted to float64 at a time
constexpr Index largestFactored = 128; ///< features up to which the covariance is never formed
constexpr double cutOff = 1e-14;       ///< eigenvalues below this share of the largest count as zero

/// Calls use(block) with the samples in order, as features x (at most blockSamples) float64.
template<class Use>
void forEachBlock(const Features& x, Use use, const Cancelled* cancelled = nullptr) {
    Matrix<double> buffer(x.rows(), std::min(blockSamples, x.cols()));
    for (Index first = 0; first < x.cols(); first += blockSamples) {
        stopIfCancelled(cancelled);
        const Index count = std::min(blockSamples, x.cols() - first);
        x.copy<double>(first, buffer.leftCols(count));
        use(buffer.leftCols(count));
    }
}

/// Singular values of the centred samples divided by sqrt(N), squared: the covariance's eigenvalues, accurate
/// to rounding on sqrt(lambda) where eigenvalues of the product would be lost below 1e-16 of the largest. The
/// samples are folded block by block into the triangular factor R of their QR decomposition.
Vector<double> eigenvaluesByFactor(const Features& x, const Vector<double>& mean) {
    Matrix<double> stack = Matrix<double>::Zero(x.rows(), x.rows());
    forEachBlock(x, [&](const auto& block) {
        Matrix<double> rows(x.rows() + block.cols(), x.rows());
        rows.topRows(x.rows()) = stack;
        rows.bottomRows(block.cols()) = (block.colwise() - mean).transpose();
        const Eigen::HouseholderQR<Matrix<double>> qr(rows);
        stack = qr.matrixQR().topRows(x.rows()).template triangularView<Eigen::Upper>();
    });
    const Eigen::JacobiSVD<Matrix<double>> svd(stack);
    return svd.singularValues().array().square() / static_cast<double>(x.cols());
}

/// Eigenvalues of the covariance of many features. Features whose variance is below the cut-off are left
/// out: each only adds an eigenvalue that counts as zero.
Vector<double> eigenvaluesOfCovariance(const Features& x, const FeatureMoments& moments) {
    std::vector<Index> varying;
    const double least = moments.deviation.maxCoeff() * std::sqrt(cutOff);
    for (Index j = 0; j < x.rows(); ++j)
        if (moments.deviation[j] > least) varying.push_back(j);

    const Index n = static_cast<Index>(varying.size());
    if (n == 0) return {};
    Matrix<double> covariance = Matrix<double>::Zero(n, n);
    forEachBlock(x, [&](const auto& block) {
        const Matrix<double> centred = (block.colwise() - moments.mean)(varying, Eigen::all);
        covariance.template selfadjointView<Eigen::Lower>().rankUpdate(centred,
                                                                       1.0 / static_cast<double>(x.cols()));
    });
    return Eigen::SelfAdjointEigenSolver<Matrix<double>>(covariance, Eigen::EigenvaluesOnly).eigenvalues();
}

} // namespace

Dataset Dataset::select(std::span<const int> chosen) const {
    Dataset part = *this;
    part.x = x.select(chosen);
    part.labels.clear();
    if (!labels.empty())
        for (const int sample : chosen)
            part.labels.push_back(labels[static_cast<std::size_t>(sample)]);
    part.y.resize(y.rows(), y.cols() > 0 ? static_cast<Index>(chosen.size()) : 0);
    for (Index k = 0; k < part.y.cols(); ++k)
        part.y.col(k) = y.col(chosen[static_cast<std::size_t>(k)]);
    return part;
}

FeatureMoments featureMoments(const Features& x, const Cancelled* cancelled) {
    const double count = static_cast<double>(std::max<Index>(x.cols(), 1));
    FeatureMoments moments{Vector<double>::Zero(x.rows()), Vector<double>::Zero(x.rows())};
    forEachBlock(
        x, [&](const auto& block) { moments.mean += block.rowwise().sum(); }, cancelled);
    moments.mean /= count;
    forEachBlock(
        x,
        [&](const auto& block) {
            moments.deviation += (block.colwise() - moments.mean).rowwise().squaredNorm();
        },
        cancelled);
    moments.deviation = (moments.deviation / count).cwiseSqrt();
    return moments;
}

double covarianceConditionNumber(const Features& x) {
    if (x.rows() == 0 || x.cols() == 0) return std::numeric_limits<double>::quiet_NaN();
    const FeatureMoments moments = featureMoments(x);
    const Vector<double> eigenvalues = x.rows() <= largestFactored ? eigenvaluesByFactor(x, moments.mean)
                                                                   : eigenvaluesOfCovariance(x, moments);
    const double largest = eigenvalues.size() > 0 ? eigenvalues.maxCoeff() : 0.0;
    if (!(largest > 0)) return std::numeric_limits<double>::quiet_NaN();
    double smallest = largest;
    for (const double eigenvalue : eigenvalues)
        if (eigenvalue > cutOff * largest) smallest = std::min(smallest, eigenvalue);
    return largest / smallest;
}

} // namespace kappascope
