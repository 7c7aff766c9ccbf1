// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/symmetric_operator.h"
#include "tests/support/random_matrix.h"

#include <Eigen/QR>

namespace kappascope::test {

/// Q diag(lambda) Q^T with a random rotation Q.
class KnownSpectrum final : public SymmetricOperator {
public:
    KnownSpectrum(const Vector<double>& lambda, std::uint64_t seed) {
        const Index n = lambda.size();
        const Matrix<double> Q =
            Eigen::HouseholderQR<Matrix<double>>(randomMatrix<double>(n, n, seed)).householderQ();
        matrix_ = Q * lambda.asDiagonal() * Q.transpose();
    }
    Index size() const override { return matrix_.rows(); }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override {
        product.noalias() = matrix_ * v;
        ++products;
    }
    std::unique_ptr<SymmetricOperator> clone() const override {
        return std::make_unique<KnownSpectrum>(*this);
    }

    int products = 0;

private:
    Matrix<double> matrix_;
};

} // namespace kappascope::test
