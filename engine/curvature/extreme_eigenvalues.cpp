// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/extreme_eigenvalues.h"

#include "engine/core/random.h"

#include <Spectra/SymEigsSolver.h>

namespace kappascope {

namespace {

constexpr double tolerance = 1e-7; // residual, relative to the eigenvalue
constexpr Index mostRestarts = 40;

/// What Spectra wants of a matrix.
class Product {
public:
    using Scalar = double;
    Product(SymmetricOperator& A, const Cancelled* cancelled) : A_(A), cancelled_(cancelled) {}
    Index rows() const { return A_.size(); }
    Index cols() const { return A_.size(); }
    void perform_op(const double* v, double* product) const {
        stopIfCancelled(cancelled_);
        VectorMap<double> out(product, A_.size());
        A_.apply(Eigen::Map<const Vector<double>>(v, A_.size()), out);
    }

private:
    SymmetricOperator& A_;
    const Cancelled* cancelled_;
};

Vector<double> startVector(Index n, const Matrix<double>& warm, std::uint64_t seed) {
    RandomStream stream(seed, "lanczos");
    Vector<double> start = Vector<double>::NullaryExpr(n, [&stream] { return stream.normal(); });
    start.normalize();
    constexpr double noise = 1e-2; // so that a direction that an earlier reading missed can still be found
    if (warm.rows() == n) start = warm.rowwise().sum() + noise * start;
    return start;
}

} // namespace

ExtremeEigenvalues extremeEigenvalues(SymmetricOperator& A, Index each, const Matrix<double>& warm,
                                      std::uint64_t seed, const Cancelled* cancelled) {
    Product product(A, cancelled);
    const Index wanted = std::min(2 * each, A.size() - 1);
    const Index basis = std::min(A.size(), std::max<Index>(2 * wanted + 1, 24));
    Spectra::SymEigsSolver<Product> solver(product, wanted, basis);
    solver.init(startVector(A.size(), warm, seed).data());
    const Index found =
        solver.compute(Spectra::SortRule::BothEnds, mostRestarts, tolerance, Spectra::SortRule::LargestAlge);
    ExtremeEigenvalues extremes;
    extremes.values = solver.eigenvalues();
    extremes.vectors = solver.eigenvectors();
    extremes.converged = found == wanted;
    extremes.residuals.resize(extremes.values.size());
    Vector<double> Av(A.size());
    for (Index i = 0; i < extremes.values.size(); ++i) {
        A.apply(extremes.vectors.col(i), Av);
        extremes.residuals[i] = (Av - extremes.values[i] * extremes.vectors.col(i)).norm();
    }
    extremes.products = solver.num_operations() + extremes.values.size();
    return extremes;
}

} // namespace kappascope
