// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/moments.h"
#include "engine/preconditioning/layer_choice.h"
#include "engine/preconditioning/running_statistics.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

/// What BNP and its halves share: they transform a layer's gradient by running statistics of the layer's
/// input, of a convolution by those of each input channel over batch and positions, repeated over the window
/// (Algorithm 2). Members say what of the statistics they use.
template<class S>
class InputPreconditioner : public Preconditioner<S> {
public:
    explicit InputPreconditioner(const Parameters& parameters)
        : statistics_(parameters), patches_(parameters.choice("q_counts") == "patches") {}

    void bind(const WeightShape& shape) override {
        shape_ = shape;
        statistics_.bind(shape.inputChannels);
        correction_.setZero(shape.outputs);
        scale_.setOnes(shape.inputChannels);
        shift_.setZero(shape.inputChannels);
    }
    // Algorithm 2 sees the maps as a batch of positions.
    void beginObserving() override { statistics_.begin(); }
    void observeFeatures(const ConstColumns<S>& H, Index first, Index count) override {
        const Index channels = features();
        const bool flat = H.rows == channels;
        const ConstColumns<S> samples =
            flat ? H : ConstColumns<S>(H.data, channels, H.size() / channels, channels);
        statistics_.observe(samples, first, count);
    }
    Index features() const override { return shape_.inputChannels; }
    std::vector<StateTensor<S>> state() override { return statistics_.state(); }

    // Steps 4 and 5 of Algorithm 1 for D H^T: h_j <- (h_j - mu_j)/(q^2 sigma~_j^2), and the bias, which sees
    // 1, gets 1/q^2 - sum_j h_j mu_j with the new h_j.
    void beginTransform(Index n) override {
        inverseQ2_ = inverseSquaredQ(n);
        setCoefficients(shift_, scale_);
        scale_ *= inverseQ2_;
    }
    void transformSamples(const ConstColumns<S>& H, const Columns<S>& inputs, S* shares) const override {
        batchPasses<S>().standardize(H, shift_.data(), scale_.data(), inputs, shares);
        for (Index n = 0; n < H.cols; ++n)
            shares[n] = inverseQ2_ - shares[n];
    }

    // |h_j new| <= sum_k s_k (|h| + |mu_k|), |share| <= 1/q^2 + sum_k s_k |mu_k| (|h| + |mu_k|); sums, since
    // what is no number must not be overlooked.
    FactorBounds factorBounds() const override {
        const auto mu = shift_.array().abs(), s = scale_.array().abs();
        const double sum = s.sum(), first = (s * mu).sum(), second = (s * mu * mu).sum();
        return {{first, sum}, {static_cast<double>(inverseQ2_) + second, first}};
    }

    // P = (1/q) U D, U = [[1, -mu^T], [0, I]], D = diag(1, 1/sigma~), bias first.
    void toWeights(MatrixRef<S> Zw, VectorRef<S> zb, Index batch) const override {
        const S inverseQ = std::sqrt(inverseSquaredQ(batch));
        const Vector<S> mu = mean(), inverse = inverseDeviation();
        forEachGroup(Zw, zb, [&](Index g, auto W, auto b) {
            W = W * (inverseQ * overWindow(inverse, g)).asDiagonal();
            b = inverseQ * b - W * overWindow(mu, g);
        });
    }
    void toCoordinates(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) const override {
        const S inverseQ = std::sqrt(inverseSquaredQ(batch));
        const Vector<S> mu = mean(), inverse = inverseDeviation();
        forEachGroup(Gw, Gb, [&](Index g, auto W, auto b) {
            W -= b * overWindow(mu, g).transpose();
            W = W * (inverseQ * overWindow(inverse, g)).asDiagonal();
            b *= inverseQ;
        });
    }

    // Steps 4 and 5 of Algorithms 1 and 2:
    // G_w(i,k) <- (G_w(i,k) - mu_c G_b(i)) / (q^2 sigma~_c^2), c the channel that weight k sees;
    // G_b(i) <- G_b(i)/q^2 - sum_k G_w(i,k) mu_c, with the G_w of step 4.
    void transform(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) override {
        const S inverseQ2 = inverseSquaredQ(batch);
        setCoefficients(shift_, scale_);
        correction_.setZero();
        const Index units = shape_.unitsOfGroup();
        for (Index g = 0; g < shape_.groups; ++g)
            for (Index k = 0; k < Gw.cols(); ++k) {
                const Index c = shape_.channel(g, k);
                auto column = Gw.col(k).segment(g * units, units);
                column = (column - shift_[c] * Gb.segment(g * units, units)) * (inverseQ2 * scale_[c]);
                correction_.segment(g * units, units) += shift_[c] * column;
            }
        Gb = inverseQ2 * Gb - correction_;
    }

protected:
    /// mu and 1/sigma~ as transform() uses them.
    virtual Vector<S> mean() const { return statistics_.mean(); }
    virtual Vector<S> inverseDeviation() const = 0;
    /// mu and 1/sigma~^2 once more, without allocation.
    virtual void setCoefficients(Vector<S>& mu, Vector<S>& scale) const = 0;

    /// 1/q^2, q^2 = max(m/N, 1): Algorithm 1, step 3. One factor a layer: it keeps the usable learning rate
    /// about the same when the batch of N is smaller than the number of inputs m of a unit. N counts samples,
    /// or the patches of a convolution.
    S inverseSquaredQ(Index batch) const {
        const Index N = patches_ ? batch * shape_.positions : batch;
        return static_cast<S>(1 /
                              std::max(static_cast<double>(shape_.fanIn()) / static_cast<double>(N), 1.0));
    }
    /// What each weight of a unit of group g sees of a number for each input channel.
    Vector<S> overWindow(const Vector<S>& ofChannel, Index g) const {
        return ofChannel.segment(g * shape_.channelsOfGroup(), shape_.channelsOfGroup())
            .replicate(shape_.kernelArea, 1);
    }

    WeightShape shape_;
    RunningStatistics<S> statistics_;
    Vector<S> correction_;    ///< workspace: outputs
    Vector<S> shift_, scale_; ///< workspace: input channels
    S inverseQ2_ = 1;         ///< since beginTransform()

private:
    /// apply(g, weights, biases) for the rows of each group.
    template<class F>
    void forEachGroup(MatrixRef<S> W, VectorRef<S> b, F apply) const {
        const Index units = W.rows() / shape_.groups;
        for (Index g = 0; g < shape_.groups; ++g)
            apply(g, W.middleRows(g * units, units), b.segment(g * units, units));
    }

    bool patches_;
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

/// "q_counts": what N in q^2 counts.
Parameter qCountsParameter();

/// "rho", "epsilon1", "epsilon2", "variance", "start", "q_counts", "layers": what a member with a
/// VarianceFloor reads.
std::vector<Parameter> scaledInputParameters();

/// The method that puts a `Member<S>` on each chosen layer.
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
