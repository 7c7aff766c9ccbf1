// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/elementary.h"
#include "engine/network/loss.h"

namespace kappascope::losses {

namespace {

/// L_n = log(1 + e^m) with m = z for class 0 and m = -z for class 1.
template<class S>
class BinaryCrossEntropy final : public Loss<S> {
public:
    explicit BinaryCrossEntropy(const Parameters&) {}

    Index outputs(const Dataset& data) const override {
        if (data.task != Task::Classification)
            throw InputError("loss",
                             "binary_cross_entropy needs classes, but '" + data.name + "' has numbers",
                             "Use mean_squared_error.");
        if (data.classes() != 2)
            throw InputError("loss",
                             "binary_cross_entropy needs two classes, but '" + data.name + "' has " +
                                 std::to_string(data.classes()),
                             "Use cross_entropy.");
        return 1;
    }

    Targets<S> targets(const Dataset& data) const override { return {data.labels, {}}; }

    double gradient(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                    MatrixRef<S> dz) const override {
        const Index n = z.cols();
        const S share = S(1) / static_cast<S>(n);
        double sum = 0;
        for (Index first = 0; first < n; first += atOnce) {
            const Index count = std::min(atOnce, n - first);
            std::uint64_t ones = 0; // bit by bit from the last: with vectors that gather the labels, ten take
            for (Index j = count; j-- > 0;) { // three times as long
                const auto sample = static_cast<std::size_t>(samples[static_cast<std::size_t>(first + j)]);
                ones = ones << 1 | static_cast<std::uint64_t>(targets.labels[sample] == 1);
            }
            sum += elementary<S>().crossEntropy(z.data() + first, ones, share, dz.data() + first, count);
        }
        return sum / static_cast<double>(n);
    }

    /// d^2 L_n/dz^2 = p (1 - p), p = sigmoid(z), whatever the class.
    void hessianTimes(ConstMatrixRef<S> z, const Targets<S>&, std::span<const int>, ConstMatrixRef<S> zDot,
                      MatrixRef<S> out) const override {
        const S share = S(1) / static_cast<S>(z.cols());
        out.row(0).array() =
            share * z.row(0).array().logistic() * (-z.row(0).array()).logistic() * zDot.row(0).array();
    }

    double sum(ConstMatrixRef<S> z, const Targets<S>& targets, Index first) const override {
        double sum = 0;
        for (Index j = 0; j < z.cols(); ++j) {
            const bool one = targets.labels[static_cast<std::size_t>(first + j)] == 1;
            const double m = one ? -z(0, j) : z(0, j);
            sum += std::max(m, 0.0) + std::log1p(std::exp(-std::abs(m)));
        }
        return sum;
    }

    int predictedClass(ConstVectorRef<S> z, Task task) const override {
        return task == Task::Regression ? -1 : z[0] > 0;
    }

    Matrix<S> probabilities(ConstMatrixRef<S> z, Task task) const override {
        if (task == Task::Regression) return {};
        Matrix<S> p(2, z.cols());
        p.row(0) = (-z.row(0).array()).logistic();
        p.row(1) = z.row(0).array().logistic();
        return p;
    }

private:
    static constexpr Index atOnce = 64; ///< samples; their classes fit into the bits of a number
};

} // namespace

LossEntry binary_cross_entropy() {
    return makeEntry<Loss, BinaryCrossEntropy>(
        {.key = "binary_cross_entropy",
         .label = "Binary cross-entropy",
         .help = "Mean of -log sigmoid(+-z) over the samples: two classes, one output (a logit).",
         .reference = {},
         .parameters = {}});
}

} // namespace kappascope::losses
