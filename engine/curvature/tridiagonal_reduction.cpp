// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/tridiagonal_reduction.h"

#include <Eigen/Householder>

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

constexpr Index panelWidth = 16, tileWidth = 64;

/// Runs job(0) ... job(jobs - 1) on the team; where there is none, or one job, on the caller.
template<class Job>
void dealOut(ThreadTeam* team, Index jobs, const Job& job) {
    if (team && jobs > 1)
        team->run(static_cast<int>(jobs), [&job](int k) { job(Index{k}); });
    else
        for (Index k = 0; k < jobs; ++k)
            job(k);
}

/// y = A x of a symmetric matrix whose lower triangle is there. That triangle is read from memory once and is
/// what the time goes into; its columns are cut into pieces of about equal area, each with a sum of its own.
class SymmetricProduct {
public:
    explicit SymmetricProduct(Index largest) : sums_(largest, mostPieces) {}

    template<class Lower>
    void apply(const Lower& A, ConstVectorRef<double> x, VectorRef<double> y, ThreadTeam* team) {
        const Index n = A.rows(), pieces = std::clamp<Index>(n / 128, 1, mostPieces);
        dealOut(team, pieces, [&](Index piece) {
            auto sum = sums_.col(piece).head(n);
            sum.setZero();
            for (Index j = border(n, piece, pieces); j < border(n, piece + 1, pieces); j += strip)
                addStrip(A, x, j, std::min(strip, border(n, piece + 1, pieces) - j), sum);
        });
        y = sums_.col(0).head(n);
        for (Index piece = 1; piece < pieces; ++piece)
            y += sums_.col(piece).head(n);
    }

private:
    static constexpr Index mostPieces = 16, strip = 32, height = 128; ///< a tile of 32 KB is read twice

    /// First column of a piece: the columns from here on hold the share 1 - piece / pieces of the triangle.
    static Index border(Index n, Index piece, Index pieces) {
        if (piece == pieces) return n;
        const double left = 1 - static_cast<double>(piece) / static_cast<double>(pieces);
        return n - std::lround(static_cast<double>(n) * std::sqrt(left));
    }

    /// Columns [j, j + width) below the diagonal, and their mirror image right of it.
    template<class Lower, class Sum>
    static void addStrip(const Lower& A, ConstVectorRef<double> x, Index j, Index width, Sum& sum) {
        sum.segment(j, width).noalias() +=
            A.block(j, j, width, width).template selfadjointView<Eigen::Lower>() * x.segment(j, width);
        for (Index i = j + width; i < A.rows(); i += height) {
            const Index rows = std::min(height, A.rows() - i);
            const auto tile = A.block(i, j, rows, width);
            sum.segment(i, rows).noalias() += tile * x.segment(j, width);
            sum.segment(j, width).noalias() += tile.transpose() * x.segment(i, rows);
        }
    }

    Matrix<double> sums_; ///< a column a piece
};

/// The columns of one panel on their way to three diagonals. Rows are counted from row `first` on.
class PanelReduction {
public:
    PanelReduction(Matrix<double>& A, Index first, Index width, SymmetricProduct& product, ThreadTeam* team)
        : A_(A), first_(first), product_(product), team_(team),
          V_(Matrix<double>::Zero(A.rows() - first, width)),
          W_(Matrix<double>::Zero(A.rows() - first, width)), tau_(width) {}

    /// Column i: brought up to date with the panel's columns before it, then reflected.
    void reduceColumn(Index i, Tridiagonal& T) {
        const Index j = first_ + i, below = A_.rows() - j - 1;
        auto column = A_.col(j).tail(below + 1);
        if (i > 0) {
            column.noalias() -= V_.block(i, 0, below + 1, i) * W_.row(i).head(i).transpose();
            column.noalias() -= W_.block(i, 0, below + 1, i) * V_.row(i).head(i).transpose();
        }
        T.diagonal[j] = column[0];
        auto v = V_.col(i).tail(below);
        auto essential = v.tail(below - 1);
        column.tail(below).makeHouseholder(essential, tau_[i], T.offDiagonal[j]);
        v[0] = 1;
        if (tau_[i] != 0) companion(i, below);
    }

    /// A <- A - V W^T - W V^T right of the panel.
    void updateRest() {
        const Index width = V_.cols(), rest = V_.rows() - width;
        Matrix<double> left(rest, 2 * width), right(rest, 2 * width);
        left << V_.bottomRows(rest), W_.bottomRows(rest);
        right << W_.bottomRows(rest), V_.bottomRows(rest);
        auto A = A_.bottomRightCorner(rest, rest);
        dealOut(rest < 4 * tileWidth ? nullptr : team_, (rest + tileWidth - 1) / tileWidth, [&](Index tile) {
            const Index from = tile * tileWidth, columns = std::min(tileWidth, rest - from);
            A.block(from, from, rest - from, columns).noalias() -=
                left.bottomRows(rest - from) * right.middleRows(from, columns).transpose();
        });
    }

    ReflectorPanel reflectors() && { return {first_, V_.bottomRows(V_.rows() - 1), std::move(tau_)}; }

private:
    /// w = p - tau/2 (p^T v) v with p = tau A v, of the matrix as the panel's columns before have left it, so
    /// that H A H = A - v w^T - w v^T.
    void companion(Index i, Index below) {
        const auto v = V_.col(i).tail(below);
        auto w = W_.col(i).tail(below);
        product_.apply(A_.bottomRightCorner(below, below), v, w, team_);
        if (i > 0) {
            const auto V = V_.block(i + 1, 0, below, i), W = W_.block(i + 1, 0, below, i);
            const Vector<double> ofW = W.transpose() * v, ofV = V.transpose() * v;
            w.noalias() -= V * ofW;
            w.noalias() -= W * ofV;
        }
        w *= tau_[i];
        w -= (tau_[i] / 2 * w.dot(v)) * v;
    }

    Matrix<double>& A_;
    Index first_;
    SymmetricProduct& product_;
    ThreadTeam* team_;
    Matrix<double> V_, W_;
    Vector<double> tau_;
};

/// Upper triangular F with H_1 ... H_k = I - V F V^T.
Matrix<double> blockFactor(const ReflectorPanel& panel) {
    const Index width = panel.tau.size();
    const Matrix<double> products = panel.V.transpose() * panel.V;
    Matrix<double> F = Matrix<double>::Zero(width, width);
    for (Index i = 0; i < width; ++i) {
        F(i, i) = panel.tau[i];
        F.col(i).head(i) = -panel.tau[i] * (F.topLeftCorner(i, i) * products.col(i).head(i));
    }
    return F;
}

} // namespace

TridiagonalReduction reduceToTridiagonal(Matrix<double>& A, ThreadTeam* team, const Cancelled* cancelled) {
    const Index n = A.rows();
    TridiagonalReduction reduction;
    reduction.T = {Vector<double>(n), Vector<double>(std::max<Index>(n - 1, 0))};
    SymmetricProduct product(n);
    for (Index first = 0; first + 1 < n; first += panelWidth) {
        const Index width = std::min(panelWidth, n - 1 - first);
        PanelReduction panel(A, first, width, product, team);
        for (Index i = 0; i < width; ++i) {
            stopIfCancelled(cancelled);
            panel.reduceColumn(i, reduction.T);
        }
        panel.updateRest();
        reduction.panels.push_back(std::move(panel).reflectors());
    }
    if (n > 0) reduction.T.diagonal[n - 1] = A(n - 1, n - 1);
    return reduction;
}

Matrix<double> orthogonalFactor(const TridiagonalReduction& reduction, ThreadTeam* team,
                                const Cancelled* cancelled) {
    const Index n = reduction.T.diagonal.size();
    std::vector<Matrix<double>> factors(reduction.panels.size());
    dealOut(team, static_cast<Index>(factors.size()), [&](Index p) {
        const auto at = static_cast<std::size_t>(p);
        factors[at] = blockFactor(reduction.panels[at]);
    });
    Matrix<double> Q = Matrix<double>::Identity(n, n);
    dealOut(team, (n + tileWidth - 1) / tileWidth, [&](Index tile) {
        auto columns = Q.middleCols(tile * tileWidth, std::min(tileWidth, n - tile * tileWidth));
        for (std::size_t p = reduction.panels.size(); p-- > 0;) {
            stopIfCancelled(cancelled);
            const ReflectorPanel& panel = reduction.panels[p];
            if (panel.first + 1 >= (tile + 1) * tileWidth) continue; // these columns are still 0 there
            auto part = columns.bottomRows(panel.V.rows());
            part.noalias() -= panel.V * (factors[p] * (panel.V.transpose() * part)).eval();
        }
    });
    return Q;
}

} // namespace kappascope
