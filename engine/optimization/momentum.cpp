// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "engine/optimization/optimizer_parameters.h"

namespace kappascope {

namespace {

template<class S>
class Momentum final : public Optimizer<S> {
public:
    explicit Momentum(const Parameters& parameters) : beta_(static_cast<S>(parameters.real("momentum"))) {}

    void bind(Index n) override { velocity_.setZero(n); }

    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        const S rate = static_cast<S>(eta);
        for (Index i = 0; i < theta.size(); ++i) {
            velocity_[i] = beta_ * velocity_[i] + g[i]; // v <- beta v + g
            theta[i] -= rate * velocity_[i];            // theta <- theta - eta v
        }
    }

    double stabilityLimit() const override { return 2 * (1 + static_cast<double>(beta_)); }

    std::vector<StateTensor<S>> state() override {
        return {{"velocity", {velocity_.data(), velocity_.size()}}};
    }

private:
    S beta_;
    Vector<S> velocity_;
};

} // namespace

namespace optimizers {

OptimizerEntry momentum() {
    return makeEntry<Optimizer, Momentum>(
        {"momentum",
         "Momentum",
         "Heavy ball: v ← β v + g, θ ← θ - η v.",
         "Polyak, USSR Computational Mathematics and Mathematical Physics 4(5), 1964",
         {learningRateParameter(0.01), momentumParameter()}});
}

} // namespace optimizers

} // namespace kappascope
