// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "engine/optimization/optimizer_parameters.h"

#include <cmath>

namespace kappascope {

namespace {

template<class S>
class RmsProp final : public Optimizer<S> {
public:
    explicit RmsProp(const Parameters& parameters)
        : keep_(static_cast<S>(parameters.real("alpha"))),
          take_(static_cast<S>(1 - parameters.real("alpha"))),
          epsilon_(static_cast<S>(parameters.real("epsilon"))) {}

    void bind(Index n) override { meanSquare_.setZero(n); }

    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        const S rate = static_cast<S>(eta);
        for (Index i = 0; i < theta.size(); ++i) {
            // v <- alpha v + (1-alpha) g^2, theta <- theta - eta g / (sqrt(v) + epsilon)
            meanSquare_[i] = keep_ * meanSquare_[i] + take_ * g[i] * g[i];
            theta[i] -= rate * g[i] / (std::sqrt(meanSquare_[i]) + epsilon_);
        }
    }

    Metric metric(VectorRef<S> d) const override {
        if (meanSquare_.isZero(0)) return Metric::Unknown;
        d.array() = (meanSquare_.array().sqrt() + epsilon_).inverse();
        return Metric::Diagonal;
    }
    double stabilityLimit() const override { return 2; }

    std::vector<StateTensor<S>> state() override {
        return {{"mean_square", {meanSquare_.data(), meanSquare_.size()}}};
    }

private:
    S keep_, take_, epsilon_;
    Vector<S> meanSquare_;
};

} // namespace

namespace optimizers {

OptimizerEntry rmsprop() {
    return makeEntry<Optimizer, RmsProp>(
        {"rmsprop",
         "RMSProp",
         "Divides each component by its running root mean square: v ← α v + (1-α) g², θ ← θ - η g/(√v + ε).",
         "Tieleman, Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012",
         {learningRateParameter(0.01),
          decayParameter("alpha", "Decay α", "Share of the mean square that each step keeps.", 0.99),
          epsilonParameter(1e-8)}});
}

} // namespace optimizers

} // namespace kappascope
