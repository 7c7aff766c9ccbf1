// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/loss.h"

#include <limits>

namespace kappascope::losses {

namespace {

/// L_n = |z - y|^2 / 2.
template<class S>
class MeanSquaredError final : public Loss<S> {
public:
    explicit MeanSquaredError(const Parameters&) {}

    Index outputs(const Dataset& data) const override {
        if (data.task == Task::Regression) return data.y.rows();
        if (data.classes() < 2)
            throw InputError("loss", "mean_squared_error needs two classes or more, but '" + data.name +
                                         "' has " + std::to_string(data.classes()));
        return data.classes() == 2 ? 1 : data.classes();
    }

    Targets<S> targets(const Dataset& data) const override {
        if (data.task == Task::Regression) return {{}, data.y.template cast<S>()};
        const bool binary = data.classes() == 2;
        Targets<S> targets;
        targets.labels = data.labels;
        targets.values.setZero(outputs(data), static_cast<Index>(data.labels.size()));
        for (Index j = 0; j < targets.values.cols(); ++j) {
            const int label = data.labels[static_cast<std::size_t>(j)];
            if (binary)
                targets.values(0, j) = label == 1 ? S(1) : S(-1);
            else
                targets.values(label, j) = 1;
        }
        return targets;
    }

    double gradient(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                    MatrixRef<S> dz) const override {
        const Index n = z.cols();
        for (Index j = 0; j < n; ++j)
            dz.col(j) = z.col(j) - targets.values.col(samples[static_cast<std::size_t>(j)]);
        const double sum = dz.template cast<double>().squaredNorm() / 2;
        dz *= S(1) / static_cast<S>(n);
        return sum / static_cast<double>(n);
    }

    void hessianTimes(ConstMatrixRef<S> z, const Targets<S>&, std::span<const int>, ConstMatrixRef<S> zDot,
                      MatrixRef<S> out) const override {
        out = zDot * (S(1) / static_cast<S>(z.cols()));
    }

    double sum(ConstMatrixRef<S> z, const Targets<S>& targets, Index first) const override {
        return (z - targets.values.middleCols(first, z.cols())).template cast<double>().squaredNorm() / 2;
    }

    int predictedClass(ConstVectorRef<S> z, Task task) const override {
        if (task == Task::Regression) return -1;
        if (z.size() == 1) return z[0] > 0;
        Index largest = 0;
        z.maxCoeff(&largest);
        return static_cast<int>(largest);
    }

    /// Least squares estimates P(class) linearly: (1 +- z)/2 for two classes, z for more; clipped to [0, 1],
    /// divided by their sum (so that nothing but zeros counts as ignorance).
    Matrix<S> probabilities(ConstMatrixRef<S> z, Task task) const override {
        if (task == Task::Regression) return {};
        Matrix<S> p(z.rows() == 1 ? 2 : z.rows(), z.cols());
        if (z.rows() == 1) {
            p.row(0) = (1 - z.row(0).array()) / 2;
            p.row(1) = (1 + z.row(0).array()) / 2;
        } else {
            p = z;
        }
        p = p.cwiseMax(std::numeric_limits<S>::min()).cwiseMin(S(1));
        p.array().rowwise() /= p.array().colwise().sum().eval();
        return p;
    }
};

} // namespace

LossEntry mean_squared_error() {
    return makeEntry<Loss, MeanSquaredError>(
        {.key = "mean_squared_error",
         .label = "Mean squared error",
         .help = "1/(2N) sum |z - y|^2 over N samples (half of the usual, so that the Hessian of a linear "
                 "neuron is the covariance itself); classes become targets -1/+1 of one output (two "
                 "classes) or 0/1 of one output a class.",
         .reference = {},
         .parameters = {}});
}

} // namespace kappascope::losses
