// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/extreme_eigenvalues.h"

#include "engine/core/random.h"
#include "engine/curvature/lanczos.h"

#include <Spectra/SymEigsSolver.h>

namespace kappascope {

namespace {

constexpr double tolerance = 1e-7;
constexpr Index mostRestarts = 40;

/// A, or shift I - A.
class Mirrored final : public SymmetricOperator {
public:
    Mirrored(std::unique_ptr<SymmetricOperator> A, const Cancelled* cancelled)
        : A_(std::move(A)), cancelled_(cancelled) {}
    void mirrorAt(double shift) { mirror_ = true, shift_ = shift; }

    Index size() const override { return A_->size(); }
    void apply(ConstVectorRef<double> v, VectorRef<double> product) override {
        stopIfCancelled(cancelled_);
        A_->apply(v, product);
        if (mirror_) product = shift_ * v - product;
    }
    std::unique_ptr<SymmetricOperator> clone() const override {
        auto copy = std::make_unique<Mirrored>(A_->clone(), cancelled_);
        if (mirror_) copy->mirrorAt(shift_);
        return copy;
    }

private:
    std::unique_ptr<SymmetricOperator> A_;
    const Cancelled* cancelled_;
    bool mirror_ = false;
    double shift_ = 0;
};

Vector<double> startVector(Index n, const Matrix<double>& warm, std::uint64_t seed) {
    RandomStream stream(seed, "lanczos");
    Vector<double> start = Vector<double>::NullaryExpr(n, [&stream] { return stream.normal(); });
    start.normalize();
    constexpr double noise = 1e-2; // so that a direction that an earlier reading missed can still be found
    if (warm.rows() == n) start = warm.rowwise().sum() + noise * start;
    return start;
}

/// A matrix in the form that Spectra wants.
struct Product {
    using Scalar = double;
    SymmetricOperator& A;
    Index rows() const { return A.size(); }
    Index cols() const { return A.size(); }
    void perform_op(const double* v, double* product) const {
        A.apply(Eigen::Map<const Vector<double>>(v, rows()), VectorMap<double>(product, rows()));
    }
};

/// The largest eigenvalues of a matrix, descending, with their vectors.
struct End {
    Vector<double> values;
    Matrix<double> vectors;
    bool converged = true;
    Index products = 0;
};

/// Where the restarts did not settle: the largest Ritz values of one long run.
void takeRitzValues(SymmetricOperator& A, const Vector<double>& start, Index each, End& end) {
    constexpr Index steps = 60;
    const LanczosFactors factors = lanczos(A, start, steps);
    const RitzValues ritz = ritzValues(factors);
    const Index count = std::min(each, ritz.values.size());
    end.values = ritz.values.tail(count).reverse();
    end.vectors = (factors.basis * ritz.coefficients.rightCols(count)).rowwise().reverse();
    end.converged = factors.invariant;
    end.products += ritz.values.size();
}

/// Eigenvalues count as found when the residual is below `tolerance` of them: at the upper end of a spectrum,
/// of its scale.
End largest(SymmetricOperator& A, Index each, const Vector<double>& start) {
    Product product{A};
    Spectra::SymEigsSolver<Product> solver(product, each, std::min(A.size(), std::max<Index>(3 * each, 20)));
    solver.init(start.data());
    const Index found = solver.compute(Spectra::SortRule::LargestAlge, mostRestarts, tolerance,
                                       Spectra::SortRule::LargestAlge);
    End end{solver.eigenvalues(), solver.eigenvectors(), found == each, solver.num_operations()};
    if (!end.converged) takeRitzValues(A, start, each, end);
    return end;
}

} // namespace

// The smallest eigenvalues of A, often a cluster about 0 that no iteration resolves to its own scale, are
// looked for as the largest of lambda_max I - A: found to the scale of the spectrum.
ExtremeEigenvalues extremeEigenvalues(SymmetricOperator& A, Index each, const Matrix<double>& warm,
                                      std::uint64_t seed, const Cancelled* cancelled) {
    const Index n = A.size(), count = std::min(each, n / 2);
    const bool isWarm = warm.rows() == n && warm.cols() == 2 * count;
    Mirrored mirrored(A.clone(), cancelled);
    const End top =
        largest(mirrored, count, startVector(n, isWarm ? warm.rightCols(count) : Matrix<double>(), seed));
    mirrored.mirrorAt(top.values[0]);
    const End bottom =
        largest(mirrored, count, startVector(n, isWarm ? warm.leftCols(count) : Matrix<double>(), seed + 1));

    ExtremeEigenvalues extremes;
    const Index low = bottom.values.size(), high = top.values.size();
    extremes.values.resize(low + high);
    extremes.values << top.values[0] - bottom.values.array(), top.values.reverse();
    extremes.vectors.resize(n, low + high);
    extremes.vectors << bottom.vectors, top.vectors.rowwise().reverse();
    extremes.converged = top.converged && bottom.converged;
    extremes.residuals.resize(low + high);
    Vector<double> Av(n);
    for (Index i = 0; i < low + high; ++i) {
        A.apply(extremes.vectors.col(i), Av);
        extremes.residuals[i] = (Av - extremes.values[i] * extremes.vectors.col(i)).norm();
    }
    extremes.products = top.products + bottom.products + low + high;
    return extremes;
}

} // namespace kappascope
