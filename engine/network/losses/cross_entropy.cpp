// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"
#include "engine/network/loss.h"

#include <cmath>

namespace kappascope::losses {

namespace {

/// L_n = log sum_k e^(z_k - z_y) for the class y of sample n.
template<class S>
class CrossEntropy final : public Loss<S> {
public:
    explicit CrossEntropy(const Parameters&) {}

    Index outputs(const Dataset& data) const override {
        if (data.task != Task::Classification)
            throw InputError("loss", "cross_entropy needs classes, but '" + data.name + "' has numbers",
                             "Use mean_squared_error.");
        if (data.classes() < 2)
            throw InputError("loss", "cross_entropy needs two classes or more, but '" + data.name + "' has " +
                                         std::to_string(data.classes()));
        return data.classes();
    }

    Targets<S> targets(const Dataset& data) const override { return {data.labels, {}}; }

    double gradient(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                    MatrixRef<S> dz) const override {
        const Index n = z.cols();
        double sum = 0;
        for (Index first = 0; first < n; first += atOnce)
            sum = addGradients(z, targets, samples, first, std::min(atOnce, n - first), dz, sum);
        return sum / static_cast<double>(n);
    }

    /// d^2 L_n/dz^2 = diag(p) - p p^T, p = softmax(z), whatever the class.
    void hessianTimes(ConstMatrixRef<S> z, const Targets<S>&, std::span<const int>, ConstMatrixRef<S> zDot,
                      MatrixRef<S> out) const override {
        const S share = S(1) / static_cast<S>(z.cols());
        for (Index j = 0; j < z.cols(); ++j) {
            auto p = out.col(j);
            p.array() = (z.col(j).array() - z.col(j).maxCoeff()).exp();
            p /= p.sum();
            const S mean = p.dot(zDot.col(j));
            p.array() *= share * (zDot.col(j).array() - mean);
        }
    }

    double sum(ConstMatrixRef<S> z, const Targets<S>& targets, Index first) const override {
        double sum = 0;
        for (Index j = 0; j < z.cols(); ++j) {
            const int label = targets.labels[static_cast<std::size_t>(first + j)];
            Index largest = 0;
            const S top = z.col(j).maxCoeff(&largest);
            const double others = sumOfOthers((z.col(j).array() - top).exp(), largest);
            sum += static_cast<double>(top) - z(label, j) + std::log1p(others);
        }
        return sum;
    }

    int predictedClass(ConstVectorRef<S> z, Task task) const override {
        if (task == Task::Regression) return -1;
        Index largest = 0;
        z.maxCoeff(&largest);
        return static_cast<int>(largest);
    }

    Matrix<S> probabilities(ConstMatrixRef<S> z, Task task) const override {
        if (task == Task::Regression) return {};
        Matrix<S> p = (z.rowwise() - z.colwise().maxCoeff()).array().exp();
        p.array().rowwise() /= p.array().colwise().sum().eval();
        return p;
    }

private:
    static constexpr Index atOnce = 64; ///< samples; a piece that fits on the stack

    /// Where the largest number stands, the first of several. (Plain loops, here and below: columns are
    /// short, and Eigen's take as long to begin. At 2 classes and batch 32 the gradient took twice as long.)
    static Index largestOf(const S* z, Index count) {
        Index largest = 0;
        for (Index k = 1; k < count; ++k)
            if (z[k] > z[largest]) largest = k;
        return largest;
    }

    /// gradient() of some samples; returns `sum` with their losses added.
    static double addGradients(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                               Index first, Index count, MatrixRef<S>& dz, double sum) {
        const Index classes = z.rows();
        const S share = S(1) / static_cast<S>(z.cols());
        Index largest[atOnce];
        double others[atOnce];
        for (Index i = 0; i < count; ++i) {
            const S* logits = z.col(first + i).data();
            S* d = dz.col(first + i).data();
            largest[i] = largestOf(logits, classes);
            const S top = logits[largest[i]];
            for (Index k = 0; k < classes; ++k)
                d[k] = logits[k] - top;
        }
        if (dz.outerStride() == classes)
            elementary<S>().exponential(dz.col(first).data(), dz.col(first).data(), classes * count);
        else
            for (Index i = 0; i < count; ++i)
                elementary<S>().exponential(dz.col(first + i).data(), dz.col(first + i).data(), classes);
        for (Index i = 0; i < count; ++i) {
            const S* logits = z.col(first + i).data();
            S* d = dz.col(first + i).data();
            const int label =
                targets.labels[static_cast<std::size_t>(samples[static_cast<std::size_t>(first + i)])];
            sum += static_cast<double>(logits[largest[i]]) - logits[label];
            others[i] = sumOfOthers(dz.col(first + i), largest[i]);
            const S scale = share / static_cast<S>(1 + others[i]);
            for (Index k = 0; k < classes; ++k)
                d[k] *= scale;
            d[label] -= share;
        }
        elementary<double>().log1p(others, others, count);
        for (Index i = 0; i < count; ++i)
            sum += others[i];
        return sum;
    }

    /// Sum of all exponentials but the largest, which is 1: log1p of it keeps small losses exact, in float
    /// too.
    template<class Exponentials>
    static double sumOfOthers(const Exponentials& e, Index largest) {
        double sum = 0;
        for (Index k = 0; k < e.size(); ++k)
            if (k != largest) sum += static_cast<double>(e.coeff(k));
        return sum;
    }
};

} // namespace

LossEntry cross_entropy() {
    return makeEntry<Loss, CrossEntropy>(
        {.key = "cross_entropy",
         .label = "Cross-entropy",
         .help = "Mean of -log softmax(z)_y over the samples, y the right class; one output a class.",
         .reference = {},
         .parameters = {}});
}

} // namespace kappascope::losses
