// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/lanczos.h"

#include <Eigen/Eigenvalues>

namespace kappascope {

namespace {

constexpr double breakdown = 1e-5; // of the largest |alpha| or beta

} // namespace

LanczosFactors lanczos(SymmetricOperator& A, ConstVectorRef<double> start, Index steps,
                       const Cancelled* cancelled) {
    const Index most = std::min(steps, A.size());
    LanczosFactors factors;
    factors.alpha.resize(most);
    factors.beta.resize(most);
    factors.basis.resize(A.size(), most);
    factors.basis.col(0) = start / start.norm();
    Vector<double> w(A.size());
    double scale = 0;
    Index m = 0;
    while (m < most) {
        stopIfCancelled(cancelled);
        A.apply(factors.basis.col(m), w);
        factors.alpha[m] = factors.basis.col(m).dot(w);
        scale = std::max(scale, std::abs(factors.alpha[m]));
        const auto found = factors.basis.leftCols(m + 1);
        for (int pass = 0; pass < 2; ++pass)
            w -= found * (found.transpose() * w).eval();
        factors.beta[m] = w.norm();
        ++m;
        if (factors.beta[m - 1] <= breakdown * scale) {
            factors.invariant = true;
            break;
        }
        scale = std::max(scale, factors.beta[m - 1]);
        if (m < most) factors.basis.col(m) = w / factors.beta[m - 1];
    }
    factors.lastBeta = factors.beta[m - 1];
    factors.alpha.conservativeResize(m);
    factors.beta.conservativeResize(m - 1);
    factors.basis.conservativeResize(Eigen::NoChange, m);
    return factors;
}

RitzValues ritzValues(const LanczosFactors& factors) {
    Eigen::SelfAdjointEigenSolver<Matrix<double>> solver;
    solver.computeFromTridiagonal(factors.alpha, factors.beta);
    const Matrix<double>& s = solver.eigenvectors();
    return {solver.eigenvalues(), s.row(0).cwiseAbs2().transpose(),
            factors.lastBeta * s.row(s.rows() - 1).cwiseAbs().transpose(), s};
}

} // namespace kappascope
