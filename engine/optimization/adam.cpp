// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/adam_moments.h"

namespace kappascope {

namespace {

template<class S>
class Adam final : public Optimizer<S> {
public:
    explicit Adam(const Parameters& parameters) : moments_(parameters) {}

    void bind(Index n) override { moments_.bind(n); }
    void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) override {
        moments_.step(theta, g, eta, 1);
    }
    Metric metric(VectorRef<S> d) const override { return moments_.metric(d); }
    double stabilityLimit() const override { return moments_.stabilityLimit(); }
    std::vector<StateTensor<S>> state() override { return moments_.state(); }

private:
    AdamMoments<S> moments_;
};

} // namespace

namespace optimizers {

OptimizerEntry adam() {
    return makeEntry<Optimizer, Adam>({"adam", "Adam",
                                       "Running mean m of the gradient over the running root mean square √v, "
                                       "both corrected for their start at 0: "
                                       "θ ← θ - η m̂/(√v̂ + ε).",
                                       "Kingma, Ba, ICLR 2015, Algorithm 1",
                                       AdamMoments<double>::parameters()});
}

} // namespace optimizers

} // namespace kappascope
