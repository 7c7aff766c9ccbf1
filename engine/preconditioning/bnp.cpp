// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/input_preconditioner.h"

namespace kappascope {

namespace {

/// Batch normalization preconditioning of one dense layer. In the coordinates z, [b_i; w_i] = P z, the layer
/// sees normalized inputs; a step of gradient descent in z is a step along P P^T grad in w, and
///   P P^T = (1/q^2) [[1 + sum_j mu_j^2/sigma~_j^2, -(mu/sigma~^2)^T], [-mu/sigma~^2, diag(1/sigma~^2)]].
template<class S>
class BnpLayer final : public InputPreconditioner<S> {
public:
    explicit BnpLayer(const Parameters& parameters)
        : InputPreconditioner<S>(parameters), floor_(parameters) {}

    void transform(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) override {
        const Vector<S>& mu = this->statistics_.mean();
        const Vector<S>& variance = this->statistics_.variance();
        const S inverseQ2 = this->inverseSquaredQ(Gw.cols(), batch);
        const S floor = floor_.of(variance);

        this->correction_.setZero();
        for (Index j = 0; j < Gw.cols(); ++j) {
            auto column = Gw.col(j);
            // Algorithm 1, step 4: G_w(i,j) <- (G_w(i,j) - mu_j G_b(i)) / (q^2 sigma~_j^2).
            column = (column - mu[j] * Gb) * (inverseQ2 / (variance[j] + floor));
            this->correction_ += mu[j] * column;
        }
        // Step 5: G_b(i) <- G_b(i)/q^2 - sum_j G_w(i,j) mu_j, with the G_w of step 4.
        Gb = inverseQ2 * Gb - this->correction_;
    }

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
         "Transforms each dense layer's gradient as if the layer's inputs were centred and scaled to unit "
         "variance; the network itself stays as it is, at any batch size.",
         "Lange, Helfrich, Ye, JMLR 23(72), 2022, Algorithm 1", scaledInputParameters()});
}

} // namespace preconditioning

} // namespace kappascope
