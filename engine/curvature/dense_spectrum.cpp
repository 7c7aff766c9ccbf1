// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/dense_spectrum.h"

#include "engine/curvature/tridiagonal_spectrum.h"

#include <algorithm>
#include <atomic>
#include <numeric>
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

Spectrum denseSpectrum(Matrix<double> symmetric, bool withVectors, ThreadTeam* team,
                       const Cancelled* cancelled) {
    if (symmetric.size() == 0) return {};
    if (!symmetric.allFinite()) throw std::runtime_error("the matrix is not finite");
    // squares of its coefficients neither overflow nor vanish
    const double largest = symmetric.cwiseAbs().maxCoeff(), scale = largest > 0 ? largest : 1;
    symmetric /= scale;
    const TridiagonalReduction reduction = reduceToTridiagonal(symmetric, team, cancelled);
    Matrix<double> Q;
    if (withVectors) Q = orthogonalFactor(reduction, team, cancelled);
    const Vector<double> found =
        tridiagonalEigenvalues(reduction.T, withVectors ? &Q : nullptr, team, cancelled);
    std::vector<Index> order(static_cast<std::size_t>(found.size()));
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::stable_sort(order, {}, [&found](Index i) { return found[i]; });
    Spectrum spectrum{scale * found(order), {}};
    if (withVectors) spectrum.vectors = Q(Eigen::all, order);
    return spectrum;
}

} // namespace kappascope
