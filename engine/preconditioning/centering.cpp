// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/input_preconditioner.h"

namespace kappascope {

namespace {

/// BNP's first half: P = U/q, that is sigma~ = 1.
template<class S>
class CenteringLayer final : public InputPreconditioner<S> {
public:
    using InputPreconditioner<S>::InputPreconditioner;

protected:
    Vector<S> inverseDeviation() const override { return Vector<S>::Ones(this->statistics_.mean().size()); }
    void setCoefficients(Vector<S>& mu, Vector<S>& scale) const override {
        mu = this->statistics_.mean();
        scale.setOnes();
    }
};

template<class S>
using Centering = OnChosenLayers<S, CenteringLayer>;

} // namespace

namespace preconditioning {

PreconditioningEntry centering() {
    return makeEntry<Preconditioning, Centering>(
        {"centering",
         "Centring only (half of BNP)",
         "Transforms each layer's gradient as if the layer's inputs were centred, without scaling "
         "them.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, Algorithm 1 with unit variances",
         {RunningStatistics<double>::rhoParameter(), RunningStatistics<double>::startParameter(),
          qCountsParameter(), LayerChoice::parameter()}});
}

} // namespace preconditioning

} // namespace kappascope
