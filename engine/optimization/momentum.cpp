// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer_parameters.h"
#include "engine/optimization/velocity.h"

namespace kappascope {

namespace {

template<class S>
class Momentum final : public Velocity<S> {
public:
    using Velocity<S>::Velocity;

    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        const S rate = static_cast<S>(eta);
        for (Index i = 0; i < theta.size(); ++i) {
            velocity_[i] = beta_ * velocity_[i] + g[i]; // v <- beta v + g
            theta[i] -= rate * velocity_[i];            // theta <- theta - eta v
        }
    }

    double stabilityLimit() const override { return 2 * (1 + static_cast<double>(beta_)); }

private:
    using Velocity<S>::beta_, Velocity<S>::velocity_;
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
