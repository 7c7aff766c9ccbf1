// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation_layer.h"

namespace kappascope {

template<class S>
void ActivationLayer<S>::linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) {
    slope_.setOnes(in.rows(), in.cols());
    activation_->multiplyDerivative(in, out, slope_);
    bend_ = dOut;
    activation_->multiplySecondDerivative(in, out, bend_);
    bends_ = !(bend_.array() == 0).all();
}

// R{h} = g'(a) R{a}
template<class S>
void ActivationLayer<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    if (at.inDot)
        outDot = slope_.cwiseProduct(*at.inDot);
    else
        outDot.setZero();
}

// R{dL/da} = g'(a) R{dL/dh} + g''(a) dL/dh R{a}
template<class S>
void ActivationLayer<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S*,
                                         MatrixRef<S>* dInDot) {
    if (!dInDot) return;
    if (at.inDot && bends_) // (a ReLU does not: half of what would be read)
        *dInDot = slope_.cwiseProduct(dOutDot) + bend_.cwiseProduct(*at.inDot);
    else
        *dInDot = slope_.cwiseProduct(dOutDot);
}

#define INSTANTIATE(S)                                                                                       \
    template void ActivationLayer<S>::linearize(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstMatrixRef<S>);    \
    template void ActivationLayer<S>::forwardTangent(const Tangent<S>&, MatrixRef<S>);                       \
    template void ActivationLayer<S>::backwardTangent(const Tangent<S>&, MatrixRef<S>, S*, MatrixRef<S>*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
