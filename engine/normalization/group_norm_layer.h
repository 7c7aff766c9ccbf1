// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/map_shape.h"
#include "engine/normalization/normalization.h"

namespace kappascope {

/// Group normalization (Wu, He, ECCV 2018, eq. 1 to 7) of every sample by itself:
///     y = gamma_c (x - mu) / sqrt(sigma^2 + epsilon) + beta_c
/// with the mean mu and the biased variance sigma^2 over a group of neighbouring channels and all positions;
/// gamma and beta belong to a channel, as in torch.nn.GroupNorm. The same in training and in evaluation, at
/// any batch size. Plain features are channels of one position.
///
/// With one group it is layer normalization (Ba, Kiros, Hinton 2016, section 3), for plain features
/// torch.nn.LayerNorm over all of them. On maps gamma and beta stay per channel, torch.nn.GroupNorm(1, C):
/// torch.nn.LayerNorm([C, H, W]) would have one for each position.
///
/// Not affine in evaluation mode: it cannot be folded, start() only sets gamma = 1, beta = 0, and there are
/// no stored statistics.
template<class S>
class GroupNormLayer final : public NormalizationLayer<S> {
public:
    /// `groups` divide the channels. `kind`: "group_norm" or "layer_norm", for tables of layers.
    GroupNormLayer(const MapShape& shape, Index groups, double epsilon, std::string kind = "group_norm");

    std::string kind() const override { return kind_; }
    Index inputs() const override { return shape_.features(); }
    Index outputs() const override { return shape_.features(); }
    MapShape inputShape() const override { return shape_; }
    MapShape outputShape() const override { return shape_; }
    Index groups() const { return groups_; }
    double epsilon() const { return epsilon_; }

    std::vector<TensorShape> parameters() const override;
    void bind(S* theta, S* gradient) override;
    void reserve(Index batch) override;
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    bool backwardInPlace() const override { return true; }
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;

    bool evaluationMap(Vector<double>&, Vector<double>&) const override { return false; }
    void start(ConstVectorRef<double> mean, ConstVectorRef<double> variance) override;
    void startAsIdentity(ConstVectorRef<double> mean, ConstVectorRef<double> variance) override;
    void setStatistics(ConstVectorRef<double>, ConstVectorRef<double>) override {}

    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    /// A sample as channels x positions, or several positions in a column, so that columns fill vectors.
    using Map = Eigen::Map<const Matrix<S>>;
    Map mapOf(const S* sample) const { return {sample, shape_.channels, shape_.positions()}; }
    Map wideMapOf(const S* sample) const { return {sample, wide_, shape_.features() / wide_}; }

    Index channelsOfGroup() const { return shape_.channels / groups_; }
    VectorMap<S> gamma() const { return {theta_, shape_.channels}; }
    VectorMap<S> beta() const { return {theta_ + shape_.channels, shape_.channels}; }
    void averageGroups(VectorRef<S> values) const;
    void averageChannels(const Vector<S>& wide, VectorRef<S> values) const;
    void widen(ConstVectorRef<S> values, Vector<S>& wide) const;
    void measure(const S* sample, Index n);

    MapShape shape_;
    Index groups_;
    double epsilon_;
    std::string kind_;
    Index wide_;             ///< numbers of a column of wideMapOf(): channels times a divisor of positions
    S* theta_ = nullptr;     ///< gamma, then beta
    S* gradient_ = nullptr;  ///< of gamma, then of beta
    Matrix<S> mean_, scale_; ///< of the last pass, channels x batch: of their groups; 1/sqrt(sigma^2 + eps)
    Vector<S> sum_, correlation_; ///< of a sample's channels: of dL/dy, and of it times the normalized values
    Vector<S> shift_, factor_, addend_, share_, sumWide_,
        correlationWide_; ///< work, as columns of wideMapOf()
    // --- tangents ---
    Matrix<S> normalized_, normalizedDot_; ///< (x - mu)/sqrt(sigma^2 + epsilon), and R of it
    Matrix<S> scaleDot_;                   ///< R of scale_
    /// Group means of gamma times dL/dy, and of that times the normalized values: channels x batch.
    Matrix<S> meanGradient_, meanCorrelation_;
};

} // namespace kappascope
