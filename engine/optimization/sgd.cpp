// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/products.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/optimizer_parameters.h"

namespace kappascope {

namespace {

template<class S>
class Sgd final : public Optimizer<S> {
public:
    explicit Sgd(const Parameters&) {}
    void bind(Index) override {}
    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        descend<S>(g, static_cast<S>(eta), theta);
    }
    bool followsGradient() const override { return true; }
    double stabilityLimit() const override { return 2; }
};

} // namespace

namespace optimizers {

OptimizerEntry sgd() {
    return makeEntry<Optimizer, Sgd>({"sgd",
                                      "SGD",
                                      "Stochastic gradient descent: a step against the gradient.",
                                      "Robbins, Monro, Annals of Mathematical Statistics 22(3), 1951",
                                      {learningRateParameter(0.1)}});
}

} // namespace optimizers

} // namespace kappascope
