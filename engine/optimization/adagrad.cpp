// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "engine/optimization/optimizer_parameters.h"

#include <cmath>

namespace kappascope {

namespace {

template<class S>
class Adagrad final : public Optimizer<S> {
public:
    explicit Adagrad(const Parameters& parameters) : epsilon_(static_cast<S>(parameters.real("epsilon"))) {}

    void bind(Index n) override { sum_.setZero(n); }

    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        const S rate = static_cast<S>(eta);
        for (Index i = 0; i < theta.size(); ++i) {
            // s <- s + g^2, theta <- theta - eta g / (sqrt(s) + epsilon)
            sum_[i] += g[i] * g[i];
            theta[i] -= rate * g[i] / (std::sqrt(sum_[i]) + epsilon_);
        }
    }

    Metric metric(VectorRef<S> d) const override {
        if (sum_.isZero(0)) return Metric::Unknown;
        d.array() = (sum_.array().sqrt() + epsilon_).inverse();
        return Metric::Diagonal;
    }
    double stabilityLimit() const override { return 2; }

    std::vector<StateTensor<S>> state() override { return {{"sum_of_squares", {sum_.data(), sum_.size()}}}; }

private:
    S epsilon_;
    Vector<S> sum_;
};

} // namespace

namespace optimizers {

OptimizerEntry adagrad() {
    return makeEntry<Optimizer, Adagrad>({"adagrad",
                                          "AdaGrad",
                                          "Divides each component by the root of the sum of its squares so "
                                          "far: s ← s + g², θ ← θ - η g/(√s + ε).",
                                          "Duchi, Hazan, Singer, JMLR 12, 2011",
                                          {learningRateParameter(0.01), epsilonParameter(1e-10)}});
}

} // namespace optimizers

} // namespace kappascope
