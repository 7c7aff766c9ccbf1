// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <Eigen/QR>

#include <cmath>

namespace kappascope::data_sets {

namespace {

Matrix<double> normals(Index rows, Index columns, RandomStream& stream) {
    Matrix<double> matrix(rows, columns);
    for (Index j = 0; j < columns; ++j)
        for (Index i = 0; i < rows; ++i)
            matrix(i, j) = stream.normal();
    return matrix;
}

/// `columns` orthonormal columns that span those of `matrix`.
Matrix<double> orthonormal(const Matrix<double>& matrix) {
    const Eigen::HouseholderQR<Matrix<double>> qr(matrix);
    return qr.householderQ() * Matrix<double>::Identity(matrix.rows(), matrix.cols());
}

/// Whitened coordinates, features x samples: mean 0 and covariance I over exactly these samples.
Matrix<double> whitened(Index features, Index samples, RandomStream& stream) {
    Matrix<double> rows = normals(samples, features, stream);
    rows.rowwise() -= rows.colwise().mean().eval();
    return orthonormal(rows).transpose() * std::sqrt(static_cast<double>(samples));
}

Dataset generateLinearRegression(const DataSpec& spec, RandomStream& stream) {
    const Index features = spec.parameters.integer("features");
    if (spec.samples <= features)
        throw InputError("data.samples",
                         std::to_string(spec.samples) + " samples cannot fix the covariance of " +
                             std::to_string(features) + " features, expected at least " +
                             std::to_string(features + 1),
                         "Use more samples or fewer features.");

    const Matrix<double> u = whitened(features, spec.samples, stream);
    const Matrix<double> v = orthonormal(normals(features, features, stream));
    // Standard deviations from 1 down to 1/sqrt(kappa), evenly on a logarithmic scale.
    Vector<double> deviation(features);
    const double steps = static_cast<double>(std::max<Index>(features - 1, 1));
    for (Index k = 0; k < features; ++k)
        deviation[k] =
            std::pow(spec.parameters.real("condition_number"), -0.5 * static_cast<double>(k) / steps);
    Vector<double> signs(features);
    for (double& sign : signs)
        sign = stream.below(2) == 0 ? -1 : 1;

    Dataset data;
    data.task = Task::Regression;
    data.featureNames = numberedFeatures(features);
    data.x = Features(Matrix<double>(v * deviation.asDiagonal() * u));
    data.y = (signs / std::sqrt(static_cast<double>(features))).transpose() * u;
    for (double& target : data.y.reshaped())
        target += spec.noise * stream.normal();
    return data;
}

} // namespace

/// x = V diag(s) u with u white over all samples, V a random rotation and s_k^2 the eigenvalues of the
/// covariance, 1 ... 1/kappa. The mean is 0, so the Hessian of the squared error in (b, w) is, up to its
/// factor, diag(1, covariance): the same kappa. Every eigendirection carries the same share of the target,
/// so that the loss cannot fall to its floor along the easy ones.
DataEntry linearRegression() {
    const Description description{
        "linear_regression",
        "Linear regression",
        "A linear target whose inputs have a covariance of the chosen condition number; noise is the "
        "standard "
        "deviation added to the target, whose own is 1.",
        "",
        {Parameter::integer("features", "Features", "Number of inputs.", 10, 2, 200),
         Parameter::real(
             "condition_number", "Condition number κ",
             "Largest over smallest eigenvalue of the covariance of all samples, which is that of "
             "the squared error's Hessian.",
             1000, 1, 1e12)
             .decades()}};
    return generated(description, Task::Regression, generateLinearRegression);
}

} // namespace kappascope::data_sets
