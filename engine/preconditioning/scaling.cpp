// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/input_preconditioner.h"

namespace kappascope {

namespace {

/// BNP's second half: P = D/q, that is mu = 0 in the transform (the variance is still about the mean).
template<class S>
class ScalingLayer final : public InputPreconditioner<S> {
public:
    explicit ScalingLayer(const Parameters& parameters)
        : InputPreconditioner<S>(parameters), floor_(parameters) {}

protected:
    Vector<S> mean() const override { return Vector<S>::Zero(this->statistics_.mean().size()); }
    Vector<S> inverseDeviation() const override {
        return floor_.inverseDeviation(this->statistics_.variance());
    }
    void setCoefficients(Vector<S>& mu, Vector<S>& scale) const override {
        const Vector<S>& variance = this->statistics_.variance();
        mu.setZero();
        scale.array() = (variance.array() + floor_.of(variance)).inverse();
    }

private:
    VarianceFloor<S> floor_;
};

template<class S>
using Scaling = OnChosenLayers<S, ScalingLayer>;

} // namespace

namespace preconditioning {

PreconditioningEntry scaling() {
    return makeEntry<Preconditioning, Scaling>(
        {"scaling", "Scaling only (half of BNP)",
         "Transforms each layer's gradient as if the layer's inputs were divided by their deviation, "
         "without centring them.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, Algorithm 1 with zero means", scaledInputParameters()});
}

} // namespace preconditioning

} // namespace kappascope
