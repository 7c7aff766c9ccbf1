// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/group_norm_layer.h"

#include "engine/core/moments.h"

#include <stdexcept>

namespace kappascope {

namespace {

/// The smallest multiple of the channels that fills some vectors and divides the features.
Index wideColumn(const MapShape& shape) {
    constexpr Index enough = 64;
    Index columns = 1; // positions in one
    while (columns < shape.positions() &&
           (shape.channels * columns < enough || shape.positions() % columns != 0))
        ++columns;
    return shape.channels * columns;
}

} // namespace

template<class S>
GroupNormLayer<S>::GroupNormLayer(const MapShape& shape, Index groups, double epsilon, std::string kind)
    : shape_(shape), groups_(groups), epsilon_(epsilon), kind_(std::move(kind)), wide_(wideColumn(shape)),
      sum_(shape.channels), correlation_(shape.channels) {
    if (groups < 1 || shape.channels % groups != 0)
        throw std::logic_error("groups must divide the channels of a group normalization");
    for (Vector<S>* each : {&shift_, &factor_, &addend_, &share_, &sumWide_, &correlationWide_})
        each->resize(wide_);
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
    mean_.resize(shape_.channels, batch);
    scale_.resize(shape_.channels, batch);
}

/// Every channel's value becomes the mean of its group's.
template<class S>
void GroupNormLayer<S>::averageGroups(VectorRef<S> values) const {
    const Index size = channelsOfGroup();
    for (Index g = 0; g < groups_; ++g)
        values.segment(g * size, size).setConstant(values.segment(g * size, size).mean());
}

template<class S>
void GroupNormLayer<S>::averageChannels(const Vector<S>& wide, VectorRef<S> values) const {
    values = Map(wide.data(), shape_.channels, wide_ / shape_.channels).rowwise().mean();
}

template<class S>
void GroupNormLayer<S>::widen(ConstVectorRef<S> values, Vector<S>& wide) const {
    MatrixMap<S>(wide.data(), shape_.channels, wide_ / shape_.channels).colwise() = values;
}

/// Mean and scale of a sample's groups: sigma^2 of a group is the mean of the variances of its parts and of
/// the squared deviations of their means. (Computed in vectors of their own: Eigen's square roots and sums in
/// a column of a matrix depend on where it stands.)
template<class S>
void GroupNormLayer<S>::measure(const S* sample, Index n) {
    measureMoments<S>(wideMapOf(sample), factor_, share_);
    averageChannels(factor_, sum_);
    averageGroups(sum_);
    widen(sum_, shift_);
    share_.array() += (factor_ - shift_).array().square();
    averageChannels(share_, correlation_);
    averageGroups(correlation_);
    correlation_.array() = (correlation_.array() + static_cast<S>(epsilon_)).sqrt().inverse();
    mean_.col(n) = sum_;
    scale_.col(n) = correlation_;
}

template<class S>
void GroupNormLayer<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    widen(beta(), addend_);
    for (Index n = 0; n < in.cols(); ++n) {
        measure(in.col(n).data(), n);
        sum_ = correlation_.cwiseProduct(gamma());
        widen(sum_, factor_);
        const Map x = wideMapOf(in.col(n).data());
        MatrixMap<S> y(out.col(n).data(), x.rows(), x.cols());
        for (Index i = 0; i < x.cols(); ++i)
            y.col(i).array() = (x.col(i) - shift_).array() * factor_.array() + addend_.array();
    }
}

// With x^ the normalized values, g = gamma dL/dy and means over a sample's group:
// dgamma = sum dL/dy x^, dbeta = sum dL/dy, dL/dx = s (g - mean(g) - x^ mean(g x^)), x^ = s (x - mu)
template<class S>
void GroupNormLayer<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut,
                                 MatrixRef<S>* dIn) {
    VectorMap<S> dGamma(gradient_, shape_.channels), dBeta(gradient_ + shape_.channels, shape_.channels);
    dGamma.setZero();
    dBeta.setZero();
    const S positions = static_cast<S>(shape_.positions());
    for (Index n = 0; n < dOut.cols(); ++n) {
        const Map D = wideMapOf(dOut.col(n).data()), x = wideMapOf(in.col(n).data());
        widen(mean_.col(n), shift_);
        sumWide_.setZero();
        correlationWide_.setZero();
        for (Index i = 0; i < D.cols(); ++i) {
            sumWide_ += D.col(i);
            correlationWide_.array() += D.col(i).array() * (x.col(i) - shift_).array();
        }
        averageChannels(sumWide_, sum_);
        averageChannels(correlationWide_, correlation_);
        const S columns = static_cast<S>(D.cols());
        sum_ /= columns;
        correlation_.array() *= scale_.col(n).array() / columns;
        dGamma += positions * correlation_;
        dBeta += positions * sum_;
        if (!dIn) continue;
        sum_.array() *= gamma().array();
        correlation_.array() *= gamma().array();
        averageGroups(sum_);
        averageGroups(correlation_);
        sum_.array() *= scale_.col(n).array();
        correlation_.array() *= scale_.col(n).array().square();
        widen(sum_, addend_);
        widen(correlation_, share_);
        sum_ = scale_.col(n).cwiseProduct(gamma());
        widen(sum_, factor_);
        MatrixMap<S> dx(dIn->col(n).data(), D.rows(), D.cols());
        for (Index i = 0; i < D.cols(); ++i)
            dx.col(i).array() = factor_.array() * D.col(i).array() - addend_.array() -
                                (x.col(i) - shift_).array() * share_.array();
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
