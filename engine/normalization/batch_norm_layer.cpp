// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/normalization/batch_norm_layer.h"

namespace kappascope {

template<class S>
BatchNormLayer<S>::BatchNormLayer(Index features, const BatchNormRule& rule)
    : features_(features), rule_(rule), runningMean_(Vector<S>::Zero(features)),
      runningVariance_(Vector<S>::Ones(features)), mean_(features), variance_(features), scale_(features),
      work_(features) {}

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
void BatchNormLayer<S>::reserve(Index batch) {
    normalized_.resize(features_, batch);
}

template<class S>
void BatchNormLayer<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) {
    mode_ = mode;
    if (mode == Mode::Training)
        forwardTraining(in, out);
    else
        forwardEvaluation(in, out);
}

template<class S>
void BatchNormLayer<S>::forwardTraining(ConstMatrixRef<S> in, MatrixRef<S> out) {
    const Index n = in.cols();
    batchPasses<S>().normalize(in, static_cast<S>(rule_.epsilon), ofBatch(), out);
    const S momentum = static_cast<S>(rule_.momentum);
    const S unbias = rule_.unbiasedRunning && n > 1 ? static_cast<S>(n) / static_cast<S>(n - 1) : S(1);
    runningMean_ += momentum * (mean_ - runningMean_);
    runningVariance_ += momentum * (unbias * variance_ - runningVariance_);
}

template<class S>
void BatchNormLayer<S>::forwardEvaluation(ConstMatrixRef<S> in, MatrixRef<S> out) {
    work_.array() = gamma().array() / (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt();
    for (Index j = 0; j < in.cols(); ++j)
        out.col(j).array() = (in.col(j) - runningMean_).array() * work_.array() + beta().array();
}

// Through the statistics as well (Ioffe, Szegedy 2015, section 3), with x^ the normalized values:
// dgamma = sum dy x^, dbeta = sum dy, dx = gamma/sqrt(sigma^2 + eps) (dy - dbeta/N - x^ dgamma/N)
template<class S>
void BatchNormLayer<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut,
                                 MatrixRef<S>* dIn) {
    if (mode_ == Mode::Evaluation) {
        backwardEvaluation(in, dOut, dIn);
        return;
    }
    batchPasses<S>().propagate(dOut, ofBatch(), gradient_, gradient_ + features_,
                               dIn ? Columns<S>(*dIn) : Columns<S>());
}

template<class S>
BatchNormalization<S> BatchNormLayer<S>::ofBatch() {
    return {theta_, theta_ + features_, mean_.data(), variance_.data(), scale_.data(), normalized_.data()};
}

/// The statistics do not depend on the parameters: an affine map of every sample alone.
template<class S>
void BatchNormLayer<S>::backwardEvaluation(ConstMatrixRef<S> in, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    VectorMap<S> dGamma(gradient_, features_), dBeta(gradient_ + features_, features_);
    dGamma.setZero();
    dBeta.setZero();
    work_.array() = (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt().inverse();
    for (Index j = 0; j < in.cols(); ++j) {
        dGamma.array() += dOut.col(j).array() * (in.col(j) - runningMean_).array() * work_.array();
        dBeta += dOut.col(j);
    }
    if (!dIn) return;
    work_.array() *= gamma().array();
    for (Index j = 0; j < in.cols(); ++j)
        dIn->col(j).array() = work_.array() * dOut.col(j).array();
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
    auto layer = std::make_unique<BatchNormLayer<To>>(features_, rule_);
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
