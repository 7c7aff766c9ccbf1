// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/moments.h"
#include "engine/normalization/normalization.h"

namespace kappascope {

/// What a batch normalization layer needs to know besides its size.
struct BatchNormRule {
    double epsilon = 1e-5;
    double momentum = 0.1;       ///< running <- (1 - momentum) running + momentum batch, as PyTorch
    bool unbiasedRunning = true; ///< the running variance averages N/(N-1) sigma^2, as PyTorch
    bool operator==(const BatchNormRule&) const = default;
};

/// Batch normalization (Ioffe, Szegedy 2015, Algorithm 1) of every feature, or of every channel of feature
/// maps over batch and positions (section 3.2), as torch.nn.BatchNorm1d and BatchNorm2d:
///     y = gamma (x - mu) / sqrt(sigma^2 + epsilon) + beta
/// with mu and the biased variance sigma^2 of the mini-batch in training mode, of the stored statistics in
/// evaluation mode. A batch of one sample of plain features has sigma^2 = 0 and x = mu: y = beta, no gradient
/// passes, and the running variance averages in 0 (PyTorch refuses such a batch).
template<class S>
class BatchNormLayer final : public NormalizationLayer<S> {
public:
    /// Of so many features, or of maps; passes over maps need batches without gaps between the samples.
    BatchNormLayer(const MapShape& shape, const BatchNormRule& rule);

    std::string kind() const override { return "batch_norm"; }
    Index inputs() const override { return shape_.features(); }
    Index outputs() const override { return shape_.features(); }
    MapShape inputShape() const override { return shape_; }
    MapShape outputShape() const override { return shape_; }
    const BatchNormRule& rule() const { return rule_; }

    std::vector<TensorShape> parameters() const override;
    void bind(S* theta, S* gradient) override;
    std::vector<typename Layer<S>::Buffer> buffers() override;

    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    bool couplesSamples(Mode mode) const override { return mode == Mode::Training; }
    Index sharedFeatures() const override { return features_; }
    void measureFeatures(const ConstColumns<S>& in, Index first, Index count) override;
    void forwardSamples(const ConstColumns<S>& in, const Columns<S>& out) override;
    void setGradientOfFeatures(const ConstColumns<S>& in, const ConstColumns<S>& dOut, Index first,
                               Index count) override;
    void backwardSamples(const ConstColumns<S>& in, const ConstColumns<S>& dOut, Index n,
                         const Columns<S>& dIn) override;
    bool backwardInPlace() const override { return true; }
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;

    bool evaluationMap(Vector<double>& scale, Vector<double>& shift) const override;
    void start(ConstVectorRef<double> mean, ConstVectorRef<double> variance) override;
    void startAsIdentity(ConstVectorRef<double> mean, ConstVectorRef<double> variance) override;
    void setStatistics(ConstVectorRef<double> mean, ConstVectorRef<double> variance) override;

    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    template<class>
    friend class BatchNormLayer;

    template<class To>
    std::unique_ptr<Layer<To>> copy() const;
    BatchNormalization<S> ofBatch(Index first = 0);
    void averageFeatures(Index n, Index first, Index count);
    void forwardEvaluation(const ConstColumns<S>& in, const Columns<S>& out);
    void backwardEvaluation(const ConstColumns<S>& in, const ConstColumns<S>& dOut, const Columns<S>& dIn);

    /// A batch as the features, or the channels, that are normalized; nothing for nothing.
    template<class T>
    Columns<T> view(const Columns<T>& batch) const {
        return shape_.flat() || !batch.data ? batch : channelsOf(batch, features_);
    }
    VectorMap<S> gamma() const { return {theta_, features_}; }
    VectorMap<S> beta() const { return {theta_ + features_, features_}; }

    MapShape shape_;
    Index features_; ///< or channels
    BatchNormRule rule_;
    S* theta_ = nullptr;    ///< gamma, then beta
    S* gradient_ = nullptr; ///< of gamma, then of beta
    Vector<S> runningMean_, runningVariance_;
    Vector<S> mean_, variance_, scale_; ///< of the last batch; scale_ = 1/sqrt(variance + epsilon)
    Vector<S> work_;
    Vector<S> wideMean_, wideScale_, wideShift_; ///< evaluation mode: of some positions side by side
    Mode mode_ = Mode::Training;                 ///< of the last forward pass
    Matrix<S> normalized_;                       ///< tangents: (x - mu)/sqrt(sigma^2 + epsilon)
    Matrix<S> normalizedDot_;                    ///< tangents: R of (x - mu)/sqrt(sigma^2 + epsilon)
    Vector<S> meanGradient_,
        correlation_; ///< tangents: means of dL/dy, and of it times the normalized values
};

} // namespace kappascope
