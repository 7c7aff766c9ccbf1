// SPDX-License-Identifier: GPL-3.0-or-later
// Tangents of batch normalization. With x^ = (x - mu) s, s = 1/sqrt(sigma^2 + epsilon), and means over the
// batch, training mode differentiates mu and s as well:
//   R{s} = -s^2 m, m = mean(x^ c), c = R{x} - mean(R{x});  R{x^} = s (c - x^ m).
// In evaluation mode both are constants: R{x^} = s R{x}.
#include "engine/normalization/batch_norm_layer.h"
#include "engine/normalization/mean_product.h"

namespace kappascope {

template<class S>
void BatchNormLayer<S>::linearize(ConstMatrixRef<S> in, ConstMatrixRef<S>, ConstMatrixRef<S> dOut) {
    const auto x = view<const S>(in).matrix(), D = view<const S>(dOut).matrix();
    const bool evaluates = mode_ == Mode::Evaluation;
    if (evaluates)
        scale_.array() = (runningVariance_.array() + static_cast<S>(rule_.epsilon)).sqrt().inverse();
    normalized_ = scale_.asDiagonal() * (x.colwise() - (evaluates ? runningMean_ : mean_));
    meanGradient_ = D.rowwise().mean();
    correlation_ = meanProduct<S>(D, normalized_.leftCols(x.cols()));
    normalizedDot_.setZero(features_, x.cols());
}

// R{y} = R{gamma} x^ + gamma R{x^} + R{beta}
template<class S>
void BatchNormLayer<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    const auto normalized = normalized_.leftCols(normalizedDot_.cols());
    const auto xDot = view<const S>(at.inDot ? ConstColumns<S>(*at.inDot) : ConstColumns<S>()).matrix();
    auto yDot = view<S>(outDot).matrix();
    if (!at.inDot) {
        normalizedDot_.setZero();
    } else if (mode_ == Mode::Evaluation) {
        normalizedDot_ = scale_.asDiagonal() * xDot;
    } else {
        normalizedDot_ = xDot.colwise() - xDot.rowwise().mean();
        const Vector<S> m = meanProduct<S>(normalized, normalizedDot_);
        normalizedDot_ = scale_.asDiagonal() * (normalizedDot_ - m.asDiagonal() * normalized);
    }
    yDot = gamma().asDiagonal() * normalizedDot_;
    if (!at.v) return;
    const Eigen::Map<const Vector<S>> gammaDot(at.v, features_), betaDot(at.v + features_, features_);
    yDot += gammaDot.asDiagonal() * normalized;
    yDot.colwise() += betaDot;
}

// With g = dL/dy and q = g - mean(g) - x^ mean(g x^) (q = g in evaluation mode):
//   R{dL/dgamma} = sum of R{g} x^ + g R{x^}, R{dL/dbeta} = sum of R{g},
//   dL/dx = gamma s q, so R{dL/dx} = (R{gamma} s + gamma R{s}) q + gamma s R{q}.
template<class S>
void BatchNormLayer<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                                        MatrixRef<S>* dInDot) {
    const auto D = view<const S>(at.dOut).matrix(), DDot = view<const S>(dOutDot).matrix();
    const auto normalized = normalized_.leftCols(D.cols());
    const S n = static_cast<S>(D.cols());
    const Vector<S> mean = DDot.rowwise().mean();
    const Vector<S> correlation = meanProduct<S>(DDot, normalized) + meanProduct<S>(D, normalizedDot_);
    if (gradientDot) {
        VectorMap<S>(gradientDot, features_) = n * correlation;
        VectorMap<S>(gradientDot + features_, features_) = n * mean;
    }
    if (!dInDot) return;
    const bool training = mode_ == Mode::Training;
    Vector<S> factorDot = Vector<S>::Zero(features_); // R{gamma s}
    if (at.v) factorDot += Eigen::Map<const Vector<S>>(at.v, features_).cwiseProduct(scale_);
    if (training && at.inDot) { // R{s} = -s^2 mean(x^ R{x}): x^ has mean 0
        const Vector<S> m = meanProduct<S>(normalized, view<const S>(*at.inDot).matrix());
        factorDot.array() -= gamma().array() * scale_.array().square() * m.array();
    }
    const Vector<S> factor = gamma().cwiseProduct(scale_);
    auto result = view<S>(*dInDot).matrix();
    for (Index j = 0; j < D.cols(); ++j) {
        auto q = D.col(j).array(), qDot = DDot.col(j).array();
        if (training) {
            const auto x = normalized.col(j).array(), xDot = normalizedDot_.col(j).array();
            result.col(j).array() =
                factorDot.array() * (q - meanGradient_.array() - x * correlation_.array()) +
                factor.array() *
                    (qDot - mean.array() - xDot * correlation_.array() - x * correlation.array());
        } else {
            result.col(j).array() = factorDot.array() * q + factor.array() * qDot;
        }
    }
}

#define INSTANTIATE(S)                                                                                       \
    template void BatchNormLayer<S>::linearize(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstMatrixRef<S>);     \
    template void BatchNormLayer<S>::forwardTangent(const Tangent<S>&, MatrixRef<S>);                        \
    template void BatchNormLayer<S>::backwardTangent(const Tangent<S>&, MatrixRef<S>, S*, MatrixRef<S>*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
