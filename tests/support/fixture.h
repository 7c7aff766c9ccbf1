// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>
#include <string>

namespace kappascope::test {

/// A JSON document from tests/fixtures. KAPPASCOPE_SOURCE_DIR comes from the build.
inline nlohmann::json fixture(const std::string& name) {
    std::ifstream file(std::string(KAPPASCOPE_SOURCE_DIR) + "/tests/fixtures/" + name);
    if (!file) throw std::runtime_error("cannot read fixture " + name);
    return nlohmann::json::parse(file);
}

/// A list of numbers.
inline Vector<double> vectorOf(const nlohmann::json& list) {
    Vector<double> vector(static_cast<Index>(list.size()));
    for (Index i = 0; i < vector.size(); ++i)
        vector[i] = list[static_cast<std::size_t>(i)].get<double>();
    return vector;
}

/// A list of rows.
inline Matrix<double> matrixOf(const nlohmann::json& rows) {
    Matrix<double> matrix(static_cast<Index>(rows.size()), static_cast<Index>(rows.at(0).size()));
    for (Index i = 0; i < matrix.rows(); ++i)
        matrix.row(i) = vectorOf(rows[static_cast<std::size_t>(i)]).transpose();
    return matrix;
}

/// Largest |a - b| relative to the largest |b|, or to 1 where b is smaller than that.
template<class A, class B>
double difference(const Eigen::MatrixBase<A>& a, const Eigen::MatrixBase<B>& b) {
    const auto x = a.template cast<double>().eval(), y = b.template cast<double>().eval();
    return (x - y).cwiseAbs().maxCoeff() / std::max(1.0, y.cwiseAbs().maxCoeff());
}

} // namespace kappascope::test
