// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/dense_spectrum.h"

#include <Eigen/Eigenvalues>

#include <atomic>
#include <stdexcept>

namespace kappascope {

Matrix<double> denseMatrix(const SymmetricOperator& op, ThreadTeam* team, const Cancelled* cancelled) {
    const Index n = op.size();
    Matrix<double> matrix(n, n);
    std::atomic<Index> next = 0;
    const auto columns = [&](int) {
        const auto own = op.clone();
        Vector<double> unit = Vector<double>::Zero(n);
        for (Index j = next++; j < n; j = next++) {
            stopIfCancelled(cancelled);
            unit[j] = 1;
            own->apply(unit, matrix.col(j));
            unit[j] = 0;
        }
    };
    if (team)
        team->run(team->size(), columns);
    else
        columns(0);
    for (Index j = 0; j < n; ++j)
        for (Index i = 0; i < j; ++i)
            matrix(i, j) = matrix(j, i) = (matrix(i, j) + matrix(j, i)) / 2;
    return matrix;
}

Spectrum denseSpectrum(const Matrix<double>& symmetric, bool withVectors) {
    if (symmetric.size() == 0) return {};
    if (!symmetric.allFinite()) throw std::runtime_error("the matrix is not finite");
    const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(
        symmetric, withVectors ? Eigen::ComputeEigenvectors : Eigen::EigenvaluesOnly);
    if (solver.info() != Eigen::Success) throw std::runtime_error("the eigenvalues did not converge");
    return {solver.eigenvalues(), withVectors ? Matrix<double>(solver.eigenvectors()) : Matrix<double>()};
}

} // namespace kappascope
