// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/group_norm_layer.h"

#include "engine/core/moments.h"

#include <stdexcept>

namespace kappascope {

template<class S>
GroupNormLayer<S>::GroupNormLayer(const MapShape& shape, Index groups, double epsilon, std::string kind)
    : shape_(shape), groups_(groups), epsilon_(epsilon), kind_(std::move(kind)), mean_(shape.channels),
      variance_(shape.channels), sum_(shape.channels), correlation_(shape.channels) {
    if (groups < 1 || shape.channels % groups != 0)
        throw std::logic_error("groups must divide the channels of a group normalization");
}

template<class S>
std::vector<TensorShape> GroupNormLayer<S>::parameters() const {
    return {{"weight", shape_.channels, 1, true}, {"bias", shape_.channels, 1, true}};
}

template<class S>
void GroupNormLayer<S>::bind(S* theta, S* gradient) {
    theta_ = theta;
    gradient_ = gradient;
}

template<class S>
void GroupNormLayer<S>::reserve(Index batch) {
    normalized_.resize(shape_.features(), batch);
    scale_.resize(shape_.channels, batch);
}

/// Every channel's value becomes the mean of its group's.
template<class S>
void GroupNormLayer<S>::averageGroups(VectorRef<S> values) const {
    const Index size = channelsOfGroup();
    for (Index g = 0; g < groups_; ++g)
        values.segment(g * size, size).setConstant(values.segment(g * size, size).mean());
}

/// Mean and scale of the groups of a sample: sigma^2 of a group is the mean of its channels' variances and of
/// the squared deviations of their means.
template<class S>
void GroupNormLayer<S>::measure(const Map& x, Index sample) {
    measureMoments<S>(x, mean_, variance_);
    sum_ = mean_;
    averageGroups(mean_);
    variance_.array() += (sum_ - mean_).array().square();
    averageGroups(variance_);
    scale_.col(sample).array() = (variance_.array() + static_cast<S>(epsilon_)).sqrt().inverse();
}

template<class S>
void GroupNormLayer<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    for (Index n = 0; n < in.cols(); ++n) {
        const Map x = mapOf(in.col(n).data());
        measure(x, n);
        MatrixMap<S> normalized(normalized_.col(n).data(), x.rows(), x.cols());
        MatrixMap<S> y(out.col(n).data(), x.rows(), x.cols());
        for (Index i = 0; i < x.cols(); ++i) {
            normalized.col(i).array() = (x.col(i) - mean_).array() * scale_.col(n).array();
            y.col(i).array() = gamma().array() * normalized.col(i).array() + beta().array();
        }
    }
}

// With x^ the normalized values, g = gamma dL/dy and means over a sample's group:
// dgamma = sum dL/dy x^, dbeta = sum dL/dy, dL/dx = (g - mean(g) - x^ mean(g x^)) / sqrt(sigma^2 + eps)
template<class S>
void GroupNormLayer<S>::backward(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    VectorMap<S> dGamma(gradient_, shape_.channels), dBeta(gradient_ + shape_.channels, shape_.channels);
    dGamma.setZero();
    dBeta.setZero();
    const S positions = static_cast<S>(shape_.positions());
    for (Index n = 0; n < dOut.cols(); ++n) {
        const Map D = mapOf(dOut.col(n).data()), normalized = mapOf(normalized_.col(n).data());
        sum_.setZero();
        correlation_.setZero();
        for (Index i = 0; i < D.cols(); ++i) {
            sum_ += D.col(i);
            correlation_.array() += D.col(i).array() * normalized.col(i).array();
        }
        dGamma += correlation_;
        dBeta += sum_;
        if (!dIn) continue;
        sum_.array() *= gamma().array() / positions;
        correlation_.array() *= gamma().array() / positions;
        averageGroups(sum_);
        averageGroups(correlation_);
        MatrixMap<S> dx(dIn->col(n).data(), D.rows(), D.cols());
        for (Index i = 0; i < D.cols(); ++i)
            dx.col(i).array() = scale_.col(n).array() * (gamma().array() * D.col(i).array() - sum_.array() -
                                                         normalized.col(i).array() * correlation_.array());
    }
}

template<class S>
void GroupNormLayer<S>::start(ConstVectorRef<double>, ConstVectorRef<double>) {
    gamma().setOnes();
    beta().setZero();
}

template<class S>
void GroupNormLayer<S>::startAsIdentity(ConstVectorRef<double> mean, ConstVectorRef<double> variance) {
    start(mean, variance);
}

template<class S>
std::unique_ptr<Layer<float>> GroupNormLayer<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<GroupNormLayer<float>>(shape_, groups_, epsilon_, kind_);
}

template<class S>
std::unique_ptr<Layer<double>> GroupNormLayer<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<GroupNormLayer<double>>(shape_, groups_, epsilon_, kind_);
}

template class GroupNormLayer<float>;
template class GroupNormLayer<double>;

} // namespace kappascope
