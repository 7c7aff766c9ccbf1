// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/adam_moments.h"

namespace kappascope {

namespace {

/// Adam with decoupled weight decay, scaled by the learning rate as in PyTorch. Decays every parameter.
template<class S>
class AdamW final : public Optimizer<S> {
public:
    explicit AdamW(const Parameters& parameters)
        : moments_(parameters), decay_(parameters.real("weight_decay")) {}

    void bind(Index n) override { moments_.bind(n); }
    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        moments_.step(theta, g, eta, 1 - eta * decay_); // theta <- theta - eta lambda theta - Adam's step
    }
    Metric metric(VectorRef<S> d) const override { return moments_.metric(d); }
    double stabilityLimit() const override { return moments_.stabilityLimit(); }
    std::vector<StateTensor<S>> state() override { return moments_.state(); }

private:
    AdamMoments<S> moments_;
    double decay_;
};

} // namespace

namespace optimizers {

OptimizerEntry adamw() {
    Description description{
        "adamw", "AdamW",
        "Adam with weight decay beside the gradient instead of in it: θ ← (1 - η λ) θ - η m̂/(√v̂ + ε).",
        "Loshchilov, Hutter, ICLR 2019, Algorithm 2", AdamMoments<double>::parameters()};
    description.parameters.push_back(
        Parameter::real("weight_decay", "Weight decay λ",
                        "Every step takes away the share η λ of every parameter.", 0.01, 0, 10));
    return makeEntry<Optimizer, AdamW>(std::move(description));
}

} // namespace optimizers

} // namespace kappascope
