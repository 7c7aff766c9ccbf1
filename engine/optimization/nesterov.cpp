// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer_parameters.h"
#include "engine/optimization/velocity.h"

namespace kappascope {

namespace {

/// Nesterov's method with theta standing for the point at which the gradient is taken (Sutskever et al. 2013,
/// rearranged as in PyTorch).
template<class S>
class Nesterov final : public Velocity<S> {
public:
    using Velocity<S>::Velocity;

    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        const S rate = static_cast<S>(eta);
        for (Index i = 0; i < theta.size(); ++i) {
            velocity_[i] = beta_ * velocity_[i] + g[i];       // v <- beta v + g
            theta[i] -= rate * (g[i] + beta_ * velocity_[i]); // theta <- theta - eta (g + beta v)
        }
    }

    double stabilityLimit() const override {
        const double beta = beta_;
        return 2 * (1 + beta) / (1 + 2 * beta);
    }

private:
    using Velocity<S>::beta_, Velocity<S>::velocity_;
};

} // namespace

namespace optimizers {

OptimizerEntry nesterov() {
    return makeEntry<Optimizer, Nesterov>(
        {"nesterov",
         "Nesterov",
         "Momentum that looks ahead: v ← β v + g, θ ← θ - η (g + β v).",
         "Nesterov, Soviet Mathematics Doklady 27(2), 1983; Sutskever et al., ICML 2013",
         {learningRateParameter(0.01), momentumParameter()}});
}

} // namespace optimizers

} // namespace kappascope
