// SPDX-License-Identifier: GPL-3.0-or-later
// Tangents of group normalization. With x^ = (x - mu) s, s = 1/sqrt(sigma^2 + epsilon), and means over a
// group of a sample's channels and all positions:
//   R{s} = -s^2 m, m = mean(x^ c), c = R{x} - mean(R{x});  R{x^} = s (c - x^ m).
#include "engine/normalization/group_norm_layer.h"
#include "engine/normalization/mean_product.h"

namespace kappascope {

template<class S>
void GroupNormLayer<S>::linearize(ConstMatrixRef<S> in, ConstMatrixRef<S>, ConstMatrixRef<S> dOut) {
    normalized_.resize(in.rows(), in.cols());
    normalizedDot_.setZero(in.rows(), in.cols());
    scaleDot_.setZero(shape_.channels, in.cols());
    meanGradient_.resize(shape_.channels, in.cols());
    meanCorrelation_.resize(shape_.channels, in.cols());
    for (Index n = 0; n < in.cols(); ++n) {
        const Map D = mapOf(dOut.col(n).data());
        MatrixMap<S> normalized(normalized_.col(n).data(), D.rows(), D.cols());
        normalized = scale_.col(n).asDiagonal() * (mapOf(in.col(n).data()).colwise() - mean_.col(n));
        meanGradient_.col(n) = gamma().cwiseProduct(D.rowwise().mean());
        meanCorrelation_.col(n) = gamma().cwiseProduct(meanProduct<S>(D, normalized));
        averageGroups(meanGradient_.col(n));
        averageGroups(meanCorrelation_.col(n));
    }
}

// R{y} = R{gamma} x^ + gamma R{x^} + R{beta}
template<class S>
void GroupNormLayer<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    const Index channels = shape_.channels, positions = shape_.positions();
    for (Index n = 0; n < outDot.cols(); ++n) {
        const Map normalized = mapOf(normalized_.col(n).data());
        MatrixMap<S> xDot(normalizedDot_.col(n).data(), channels, positions);
        MatrixMap<S> yDot(outDot.col(n).data(), channels, positions);
        if (at.inDot) {
            const Map inDot = mapOf(at.inDot->col(n).data());
            Vector<S> mean = inDot.rowwise().mean();
            averageGroups(mean);
            xDot = inDot.colwise() - mean;
            Vector<S> m = meanProduct<S>(normalized, xDot);
            averageGroups(m);
            const Vector<S> scale = scale_.col(n);
            xDot = scale.asDiagonal() * (xDot - m.asDiagonal() * normalized);
            scaleDot_.col(n).array() = -scale.array().square() * m.array();
        } else {
            xDot.setZero();
            scaleDot_.col(n).setZero();
        }
        yDot = gamma().asDiagonal() * xDot;
        if (!at.v) continue;
        const Eigen::Map<const Vector<S>> gammaDot(at.v, channels), betaDot(at.v + channels, channels);
        yDot += gammaDot.asDiagonal() * normalized;
        yDot.colwise() += betaDot;
    }
}

// With D = dL/dy, g = gamma D and q = g - mean(g) - x^ mean(g x^):
//   R{dL/dgamma} = sum of R{D} x^ + D R{x^}, R{dL/dbeta} = sum of R{D},
//   dL/dx = s q, so R{dL/dx} = R{s} q + s R{q}, with R{g} = R{gamma} D + gamma R{D}.
template<class S>
void GroupNormLayer<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                                        MatrixRef<S>* dInDot) {
    const Index channels = shape_.channels;
    Vector<S> dGammaDot = Vector<S>::Zero(channels), dBetaDot = Vector<S>::Zero(channels);
    const S positions = static_cast<S>(shape_.positions());
    const Vector<S> gammaDot =
        at.v ? Vector<S>(Eigen::Map<const Vector<S>>(at.v, channels)) : Vector<S>(Vector<S>::Zero(channels));
    for (Index n = 0; n < dOutDot.cols(); ++n) {
        const Map D = mapOf(at.dOut.col(n).data()), DDot = mapOf(dOutDot.col(n).data());
        const Map x = mapOf(normalized_.col(n).data()), xDot = mapOf(normalizedDot_.col(n).data());
        const Vector<S> sum = DDot.rowwise().mean();
        const Vector<S> correlation = meanProduct<S>(DDot, x) + meanProduct<S>(D, xDot);
        dGammaDot += positions * correlation;
        dBetaDot += positions * sum;
        if (!dInDot) continue;
        Vector<S> meanDot = gamma().cwiseProduct(sum) + gammaDot.cwiseProduct(Vector<S>(D.rowwise().mean()));
        Vector<S> correlationDot =
            gamma().cwiseProduct(correlation) + gammaDot.cwiseProduct(meanProduct<S>(D, x));
        averageGroups(meanDot);
        averageGroups(correlationDot);
        const auto mean = meanGradient_.col(n).array(), m = meanCorrelation_.col(n).array();
        MatrixMap<S> result(dInDot->col(n).data(), channels, D.cols());
        for (Index i = 0; i < D.cols(); ++i) {
            const auto d = D.col(i).array(), dDot = DDot.col(i).array(), value = x.col(i).array();
            result.col(i).array() =
                scaleDot_.col(n).array() * (gamma().array() * d - mean - value * m) +
                scale_.col(n).array() * (gammaDot.array() * d + gamma().array() * dDot - meanDot.array() -
                                         xDot.col(i).array() * m - value * correlationDot.array());
        }
    }
    if (!gradientDot) return;
    VectorMap<S>(gradientDot, channels) = dGammaDot;
    VectorMap<S>(gradientDot + channels, channels) = dBetaDot;
}

#define INSTANTIATE(S)                                                                                       \
    template void GroupNormLayer<S>::linearize(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstMatrixRef<S>);     \
    template void GroupNormLayer<S>::forwardTangent(const Tangent<S>&, MatrixRef<S>);                        \
    template void GroupNormLayer<S>::backwardTangent(const Tangent<S>&, MatrixRef<S>, S*, MatrixRef<S>*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
