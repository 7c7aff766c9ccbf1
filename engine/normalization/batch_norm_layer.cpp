// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/batch_norm_layer.h"

#include <algorithm>

namespace kappascope {

template<class S>
BatchNormLayer<S>::BatchNormLayer(const MapShape& shape, const BatchNormRule& rule)
    : shape_(shape), features_(shape.channels), rule_(rule), runningMean_(Vector<S>::Zero(features_)),
      runningVariance_(Vector<S>::Ones(features_)), mean_(features_), variance_(features_), scale_(features_),
      work_(features_) {
    constexpr Index enough = 64; // numbers in a row: a few vectors
    const Index wide = features_ * (shape.flat() ? 1 : std::max<Index>(1, enough / features_));
    for (Vector<S>* each : {&wideMean_, &wideScale_, &wideShift_})
        each->resize(wide);
}

template<class S>
std::vector<TensorShape> BatchNormLayer<S>::parameters() const {
    return {{"weight", features_, 1, true}, {"bias", features_, 1, true}};
}

template<class S>
void BatchNormLayer<S>::bind(S* theta, S* gradient) {
    theta_ = theta;
    gradient_ = gradient;
}

template<class S>
std::vector<typename Layer<S>::Buffer> BatchNormLayer<S>::buffers() {
    return {{{"running_mean", features_, 1, true}, runningMean_.data()},
            {{"running_var", features_, 1, true}, runningVariance_.data()}};
}

template<class S>
void BatchNormLayer<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) {
    mode_ = mode;
    const ConstColumns<S> x = view<const S>(in);
    if (mode == Mode::Evaluation) return forwardEvaluation(x, view<S>(out));
    batchPasses<S>().normalize(x, static_cast<S>(rule_.epsilon), ofBatch(), view<S>(out));
    averageFeatures(x.cols, 0, features_);
}

template<class S>
void BatchNormLayer<S>::measureFeatures(const ConstColumns<S>& in, Index first, Index count) {
    if (first == 0) mode_ = Mode::Training;
    const ConstColumns<S> x = view<const S>(in);
    batchPasses<S>().normalize(x.middleRows(first, count), static_cast<S>(rule_.epsilon), ofBatch(first), {});
    averageFeatures(x.cols, first, count);
}

template<class S>
void BatchNormLayer<S>::forwardSamples(const ConstColumns<S>& in, const Columns<S>& out) {
    batchPasses<S>().applyNormalization(view<const S>(in), ofBatch(), view<S>(out));
}

/// Of `n` samples, or positions.
template<class S>
void BatchNormLayer<S>::averageFeatures(Index n, Index first, Index count) {
    const S momentum = static_cast<S>(rule_.momentum);
    const S unbias = rule_.unbiasedRunning && n > 1 ? static_cast<S>(n) / static_cast<S>(n - 1) : S(1);
    auto mean = runningMean_.segment(first, count), variance = runningVariance_.segment(first, count);
    mean += momentum * (mean_.segment(first, count) - mean);
    variance += momentum * (unbias * variance_.segment(first, count) - variance);
}

/// The channels of a position are few numbers, those of several positions side by side fill vectors.
template<class S>
void BatchNormLayer<S>::forwardEvaluation(const ConstColumns<S>& in, const Columns<S>& out) {
    work_.array() = gamma().array() / (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt();
    const Index together = wideMean_.size() / features_;
    wideMean_ = runningMean_.replicate(together, 1);
    wideScale_ = work_.replicate(together, 1);
    wideShift_ = beta().replicate(together, 1);
    const auto normalize = [this](const auto& x, auto y) {
        const Index size = x.rows();
        for (Index j = 0; j < x.cols(); ++j)
            y.col(j).array() = (x.col(j) - wideMean_.head(size)).array() * wideScale_.head(size).array() +
                               wideShift_.head(size).array();
    };
    const Index whole = together > 1 ? in.cols / together * together : 0;
    if (whole > 0)
        normalize(Eigen::Map<const Matrix<S>>(in.data, wideMean_.size(), whole / together),
                  MatrixMap<S>(out.data, wideMean_.size(), whole / together));
    normalize(in.middleCols(whole, in.cols - whole).matrix(),
              out.middleCols(whole, in.cols - whole).matrix());
}

// Through the statistics as well (Ioffe, Szegedy 2015, section 3), with x^ the normalized values:
// dgamma = sum dy x^, dbeta = sum dy, dx = gamma/sqrt(sigma^2 + eps) (dy - dbeta/N - x^ dgamma/N)
template<class S>
void BatchNormLayer<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut,
                                 MatrixRef<S>* dIn) {
    const ConstColumns<S> given = view<const S>(dOut);
    const Columns<S> received = dIn ? view<S>(*dIn) : Columns<S>();
    if (mode_ == Mode::Evaluation)
        backwardEvaluation(view<const S>(in), given, received);
    else
        batchPasses<S>().propagate(view<const S>(in), given, ofBatch(), gradient_, gradient_ + features_,
                                   received);
}

template<class S>
void BatchNormLayer<S>::setGradientOfFeatures(const ConstColumns<S>& in, const ConstColumns<S>& dOut,
                                              Index first, Index count) {
    batchPasses<S>().propagate(view<const S>(in).middleRows(first, count),
                               view<const S>(dOut).middleRows(first, count), ofBatch(first),
                               gradient_ + first, gradient_ + features_ + first, {});
}

template<class S>
void BatchNormLayer<S>::backwardSamples(const ConstColumns<S>& in, const ConstColumns<S>& dOut, Index n,
                                        const Columns<S>& dIn) {
    batchPasses<S>().applyPropagation(view<const S>(in), view<const S>(dOut), ofBatch(), gradient_,
                                      gradient_ + features_, n * shape_.positions(), view<S>(dIn));
}

/// What the passes need from feature `first` on.
template<class S>
BatchNormalization<S> BatchNormLayer<S>::ofBatch(Index first) {
    return {theta_ + first, theta_ + features_ + first, mean_.data() + first, variance_.data() + first,
            scale_.data() + first};
}

/// The statistics do not depend on the parameters: an affine map of every sample alone.
template<class S>
void BatchNormLayer<S>::backwardEvaluation(const ConstColumns<S>& in, const ConstColumns<S>& dOut,
                                           const Columns<S>& dIn) {
    const auto x = in.matrix(), D = dOut.matrix();
    VectorMap<S> dGamma(gradient_, features_), dBeta(gradient_ + features_, features_);
    dGamma.setZero();
    dBeta.setZero();
    work_.array() = (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt().inverse();
    for (Index j = 0; j < in.cols; ++j) {
        dGamma.array() += D.col(j).array() * (x.col(j) - runningMean_).array() * work_.array();
        dBeta += D.col(j);
    }
    if (!dIn.data) return;
    work_.array() *= gamma().array();
    for (Index j = 0; j < in.cols; ++j)
        dIn.matrix().col(j).array() = work_.array() * D.col(j).array();
}

template<class S>
bool BatchNormLayer<S>::evaluationMap(Vector<double>& scale, Vector<double>& shift) const {
    scale = gamma().template cast<double>().array() /
            (runningVariance_.template cast<double>().array() + rule_.epsilon).sqrt();
    shift =
        beta().template cast<double>().array() - runningMean_.template cast<double>().array() * scale.array();
    return true;
}

template<class S>
void BatchNormLayer<S>::start(ConstVectorRef<double> mean, ConstVectorRef<double> variance) {
    gamma().setOnes();
    beta().setZero();
    setStatistics(mean, variance);
}

template<class S>
void BatchNormLayer<S>::startAsIdentity(ConstVectorRef<double> mean, ConstVectorRef<double> variance) {
    setStatistics(mean, variance);
    gamma().array() = (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt();
    beta() = runningMean_;
}

template<class S>
void BatchNormLayer<S>::setStatistics(ConstVectorRef<double> mean, ConstVectorRef<double> variance) {
    runningMean_ = mean.template cast<S>();
    runningVariance_ = variance.template cast<S>();
}

template<class S>
template<class To>
std::unique_ptr<Layer<To>> BatchNormLayer<S>::copy() const {
    auto layer = std::make_unique<BatchNormLayer<To>>(shape_, rule_);
    layer->runningMean_ = runningMean_.template cast<To>();
    layer->runningVariance_ = runningVariance_.template cast<To>();
    return layer;
}

template<class S>
std::unique_ptr<Layer<float>> BatchNormLayer<S>::copyAs(std::type_identity<float>) const {
    return copy<float>();
}

template<class S>
std::unique_ptr<Layer<double>> BatchNormLayer<S>::copyAs(std::type_identity<double>) const {
    return copy<double>();
}

template class BatchNormLayer<float>;
template class BatchNormLayer<double>;

} // namespace kappascope
