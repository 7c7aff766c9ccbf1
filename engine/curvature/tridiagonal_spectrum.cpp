// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/tridiagonal_spectrum.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace kappascope {

namespace {

/// [q_k, q_(k+1)] <- [c q_k + s q_(k+1), c q_(k+1) - s q_k]
struct Rotation {
    double c, s;
    Index k;
};

/// A matrix held as strips of rows, each strip contiguous, that takes rotations of neighbouring columns: a
/// strip stays in the cache while thousands of rotations pass through it.
class RotatedColumns {
public:
    RotatedColumns(Matrix<double>* Q, ThreadTeam* team) : Q_(Q), team_(team) {
        if (!Q_) return;
        strips_.resize(static_cast<std::size_t>((Q_->rows() + height - 1) / height));
        eachStrip([this](Index strip) {
            Strip& rows = strips_[static_cast<std::size_t>(strip)];
            rows.setZero(height, Q_->cols());
            rows.topRows(rowsOf(strip)) = Q_->middleRows(strip * height, rowsOf(strip));
        });
    }

    void push(const Rotation& rotation) {
        if (!Q_) return;
        waiting_.push_back(rotation);
        if (waiting_.size() == mostWaiting) apply();
    }

    /// Writes the strips back.
    void finish() {
        if (!Q_) return;
        apply();
        eachStrip([this](Index strip) {
            Q_->middleRows(strip * height, rowsOf(strip)) =
                strips_[static_cast<std::size_t>(strip)].topRows(rowsOf(strip));
        });
    }

private:
    static constexpr Index height = 32;
    static constexpr std::size_t mostWaiting = 1 << 16;
    using Strip = Eigen::Matrix<double, height, Eigen::Dynamic>;
    using Column = Eigen::Matrix<double, height, 1>;

    Index rowsOf(Index strip) const { return std::min(height, Q_->rows() - strip * height); }

    template<class Job>
    void eachStrip(const Job& job) {
        if (team_)
            team_->run(static_cast<int>(strips_.size()), [&job](int strip) { job(Index{strip}); });
        else
            for (Index strip = 0; strip < static_cast<Index>(strips_.size()); ++strip)
                job(strip);
    }

    void apply() {
        eachStrip([this](Index strip) {
            Strip& rows = strips_[static_cast<std::size_t>(strip)];
            for (const Rotation& rotation : waiting_) {
                auto left = rows.col(rotation.k), right = rows.col(rotation.k + 1);
                const Column before = left;
                left = rotation.c * before + rotation.s * right;
                right = rotation.c * right - rotation.s * before;
            }
        });
        waiting_.clear();
    }

    Matrix<double>* Q_;
    ThreadTeam* team_;
    std::vector<Strip> strips_;
    std::vector<Rotation> waiting_;
};

/// The eigenvalue of the last 2 x 2 block of [.., last] that is nearer to its last entry.
double wilkinsonShift(const Tridiagonal& T, Index last) {
    const double e = T.offDiagonal[last - 1];
    const double half = (T.diagonal[last - 1] - T.diagonal[last]) / 2;
    const double far = half + std::copysign(std::hypot(half, e), half);
    return far == 0 ? T.diagonal[last] : T.diagonal[last] - e / far * e;
}

/// One sweep over rows and columns [first, last], which no zero splits.
void sweep(Tridiagonal& T, Index first, Index last, RotatedColumns& columns) {
    double x = T.diagonal[first] - wilkinsonShift(T, last), z = T.offDiagonal[first];
    for (Index k = first; k < last; ++k) {
        const double r = std::hypot(x, z);
        const double c = r > 0 ? x / r : 1, s = r > 0 ? z / r : 0;
        if (k > first) T.offDiagonal[k - 1] = r;
        // the 2 x 2 block [a b; b g] turned: a + p, g - p, c q - b with q = s (g - a) + 2 c b, p = s q
        const double a = T.diagonal[k], g = T.diagonal[k + 1], b = T.offDiagonal[k];
        const double q = s * (g - a) + 2 * c * b, p = s * q;
        T.diagonal[k] = a + p;
        T.diagonal[k + 1] = g - p;
        T.offDiagonal[k] = c * q - b;
        x = T.offDiagonal[k];
        if (k + 1 < last) {
            z = s * T.offDiagonal[k + 1];
            T.offDiagonal[k + 1] *= c;
        }
        columns.push({c, s, k});
    }
}

/// Sets to 0 what is small beside its neighbours on the diagonal.
void split(Tridiagonal& T, Index first, Index last) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    for (Index k = first; k < last; ++k) {
        const double size = std::abs(T.diagonal[k]) + std::abs(T.diagonal[k + 1]);
        const double e = std::abs(T.offDiagonal[k]);
        if (e <= epsilon * size || e < std::numeric_limits<double>::min()) T.offDiagonal[k] = 0;
    }
}

} // namespace

Vector<double> tridiagonalEigenvalues(Tridiagonal T, Matrix<double>* Q, ThreadTeam* team,
                                      const Cancelled* cancelled) {
    RotatedColumns columns(Q, team);
    const Index n = T.diagonal.size();
    Index iterations = 0;
    for (Index first = 0, last = n - 1; last > 0;) {
        split(T, first, last);
        while (last > 0 && T.offDiagonal[last - 1] == 0)
            --last;
        if (last <= 0) break;
        first = last - 1;
        while (first > 0 && T.offDiagonal[first - 1] != 0)
            --first;
        stopIfCancelled(cancelled);
        if (++iterations > 30 * n) throw std::runtime_error("the eigenvalues did not converge");
        sweep(T, first, last, columns);
    }
    columns.finish();
    return T.diagonal;
}

} // namespace kappascope
