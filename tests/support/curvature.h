// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/hessian_operator.h"
#include "engine/curvature/parameter_range.h"
#include "tests/support/loss_cases.h"
#include "tests/support/random_network.h"

#include <numeric>

namespace kappascope::test {

/// All samples of a small data set.
inline std::shared_ptr<const CurvatureData> allSamples(const Dataset& data, const Loss<double>& loss) {
    return curvatureData(data, loss, firstSamples(data.samples()), "all");
}

/// A random network with the loss and all samples of `lossCase`.
inline CurvatureProblem randomProblem(const LossCase& lossCase, const std::vector<int>& hidden,
                                      const MethodSpec& activation, const MethodSpec& normalization,
                                      std::uint64_t seed) {
    CurvatureProblem problem;
    problem.loss = lossCase.entry->make<double>(Parameters(*lossCase.entry));
    problem.network =
        randomNetwork<double>(lossCase.data.features(), hidden, problem.loss->outputs(lossCase.data),
                              activation, normalization, seed);
    problem.data = allSamples(lossCase.data, *problem.loss);
    return problem;
}

/// Where bias and weights of neuron i of dense layer d stand in theta: bias first.
inline std::vector<Index> neuronPlaces(const Network<double>& network, int d, Index i) {
    const WeightedLayer<double>& dense = *network.weighted()[static_cast<std::size_t>(d)];
    const Index offset = layerRange(network, d).offset;
    std::vector<Index> places{offset + dense.inputs() * dense.outputs() + i};
    for (Index j = 0; j < dense.inputs(); ++j)
        places.push_back(offset + j * dense.outputs() + i);
    return places;
}

/// The whole matrix, a product a column.
inline Matrix<double> matrixOf(SymmetricOperator& op) {
    Matrix<double> matrix(op.size(), op.size());
    Vector<double> column(op.size());
    for (Index i = 0; i < op.size(); ++i) {
        op.apply(Vector<double>::Unit(op.size(), i), column);
        matrix.col(i) = column;
    }
    return matrix;
}

/// Differences of `f` (of theta, any vector) in every direction, of fourth order: one column a parameter.
template<class F>
Matrix<double> differences(F f, const Vector<double>& theta, double step) {
    Matrix<double> columns(f(theta).size(), theta.size());
    for (Index i = 0; i < theta.size(); ++i) {
        const Vector<double> e = step * Vector<double>::Unit(theta.size(), i);
        const Vector<double> near = f(theta + e) - f(theta - e), far = f(theta + 2 * e) - f(theta - 2 * e);
        columns.col(i) = (8 * near - far) / (12 * step);
    }
    return columns;
}

} // namespace kappascope::test
