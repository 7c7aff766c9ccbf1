// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/moments.h"
#include "engine/preconditioning/running_statistics.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

/// What BNP and its halves share: they transform a dense layer's gradient by running statistics of the
/// layer's input. Members add transform(), and what of the statistics it uses.
template<class S>
class InputPreconditioner : public Preconditioner<S> {
public:
    explicit InputPreconditioner(const Parameters& parameters) : statistics_(parameters) {}

    void bind(Index inputs, Index outputs) override {
        statistics_.bind(inputs);
        correction_.setZero(outputs);
        scale_.setOnes(inputs);
        shift_.setZero(inputs);
    }
    void observe(ConstMatrixRef<S> H) override { statistics_.observe(H); }
    std::vector<StateTensor<S>> state() override { return statistics_.state(); }

    // Steps 4 and 5 of Algorithm 1 for D H^T: h_j <- (h_j - mu_j)/(q^2 sigma~_j^2), and the bias, which sees
    // 1, gets 1/q^2 - sum_j h_j mu_j with the new h_j.
    void transformInputs(ConstMatrixRef<S> H, MatrixRef<S> inputs, VectorRef<S> shares) override {
        const S inverseQ2 = inverseSquaredQ(H.rows(), H.cols());
        setCoefficients(shift_, scale_);
        scale_ *= inverseQ2;
        batchPasses<S>().standardize(H, shift_.data(), scale_.data(), inputs, shares.data());
        shares.array() = inverseQ2 - shares.array();
    }

    // P = (1/q) U D, U = [[1, -mu^T], [0, I]], D = diag(1, 1/sigma~), bias first.
    void toWeights(MatrixRef<S> Zw, VectorRef<S> zb, Index batch) const override {
        const S inverseQ = std::sqrt(inverseSquaredQ(Zw.cols(), batch));
        Zw = Zw * (inverseQ * inverseDeviation()).asDiagonal();
        zb = inverseQ * zb - Zw * mean();
    }
    void toCoordinates(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) const override {
        const S inverseQ = std::sqrt(inverseSquaredQ(Gw.cols(), batch));
        Gw -= Gb * mean().transpose();
        Gw = Gw * (inverseQ * inverseDeviation()).asDiagonal();
        Gb *= inverseQ;
    }

protected:
    /// mu and 1/sigma~ as transform() uses them.
    virtual Vector<S> mean() const { return statistics_.mean(); }
    virtual Vector<S> inverseDeviation() const = 0;
    /// mu and 1/sigma~^2 once more, without allocation.
    virtual void setCoefficients(Vector<S>& mu, Vector<S>& scale) const = 0;

    /// 1/q^2, q^2 = max(m/N, 1): Algorithm 1, step 3. One factor a layer: it keeps the usable learning rate
    /// about the same when the batch of N is smaller than the number of inputs m.
    static S inverseSquaredQ(Index inputs, Index batch) {
        return static_cast<S>(1 / std::max(static_cast<double>(inputs) / static_cast<double>(batch), 1.0));
    }

    RunningStatistics<S> statistics_;
    Vector<S> correction_;    ///< workspace: outputs
    Vector<S> shift_, scale_; ///< workspace: inputs
};

/// sigma~^2 = sigma^2 + epsilon1 max(sigma^2) + epsilon2: Algorithm 1, step 3. The first term bounds how much
/// more the quietest input is amplified than the loudest, the second keeps constant inputs from dividing by
/// 0.
template<class S>
class VarianceFloor {
public:
    explicit VarianceFloor(const Parameters& parameters)
        : epsilon1_(static_cast<S>(parameters.real("epsilon1"))),
          epsilon2_(static_cast<S>(parameters.real("epsilon2"))) {}

    /// epsilon1 max(sigma^2) + epsilon2.
    S of(const Vector<S>& variance) const { return epsilon1_ * variance.maxCoeff() + epsilon2_; }
    /// 1/sigma~.
    Vector<S> inverseDeviation(const Vector<S>& variance) const {
        return (variance.array() + of(variance)).rsqrt();
    }

private:
    S epsilon1_, epsilon2_;
};

/// The numbers of the dense layers that a method acts on, from its parameter "layers".
class LayerChoice {
public:
    static Parameter parameter();
    /// Throws InputError for a number that is not whole.
    explicit LayerChoice(const Parameters& parameters);
    bool contains(int d) const { return layers_.empty() || std::ranges::find(layers_, d) != layers_.end(); }

private:
    std::vector<int> layers_;
};

/// "rho", "epsilon1", "epsilon2", "variance", "start", "layers": what a member with a VarianceFloor reads.
std::vector<Parameter> scaledInputParameters();

/// The method that puts a `Member<S>` on each chosen dense layer.
template<class S, template<class> class Member>
class OnChosenLayers : public Preconditioning<S> {
public:
    explicit OnChosenLayers(const Parameters& parameters) : parameters_(parameters), layers_(parameters) {}

    std::unique_ptr<Preconditioner<S>> makeLayer(int d) const override {
        return layers_.contains(d) ? std::make_unique<Member<S>>(parameters_) : nullptr;
    }

private:
    Parameters parameters_;
    LayerChoice layers_;
};

} // namespace kappascope
