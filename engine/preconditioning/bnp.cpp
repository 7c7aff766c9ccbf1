// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/input_preconditioner.h"

namespace kappascope {

namespace {

/// Batch normalization preconditioning of one layer. In the coordinates z, [b_i; w_i] = P z, the layer
/// sees normalized inputs; a step of gradient descent in z is a step along P P^T grad in w, and
///   P P^T = (1/q^2) [[1 + sum_j mu_j^2/sigma~_j^2, -(mu/sigma~^2)^T], [-mu/sigma~^2, diag(1/sigma~^2)]].
template<class S>
class BnpLayer final : public InputPreconditioner<S> {
public:
    explicit BnpLayer(const Parameters& parameters)
        : InputPreconditioner<S>(parameters), floor_(parameters) {}

protected:
    Vector<S> inverseDeviation() const override {
        return floor_.inverseDeviation(this->statistics_.variance());
    }
    void setCoefficients(Vector<S>& mu, Vector<S>& scale) const override {
        const Vector<S>& variance = this->statistics_.variance();
        mu = this->statistics_.mean();
        scale.array() = (variance.array() + floor_.of(variance)).inverse();
    }

private:
    VarianceFloor<S> floor_;
};

template<class S>
using Bnp = OnChosenLayers<S, BnpLayer>;

} // namespace

namespace preconditioning {

PreconditioningEntry bnp() {
    return makeEntry<Preconditioning, Bnp>(
        {"bnp", "Batch normalization preconditioning (BNP)",
         "Transforms each layer's gradient as if the layer's inputs were centred and scaled to unit "
         "variance; the network itself stays as it is, at any batch size.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, Algorithms 1 and 2", scaledInputParameters()});
}

} // namespace preconditioning

} // namespace kappascope
