// SPDX-License-Identifier: GPL-3.0-or-later
// Tangents of a convolution: it is linear in its weights and in its inputs, so they are its own passes, as in
// dense_tangent.cpp.
#include "engine/network/conv2d.h"

namespace kappascope {

template<class S>
void Conv2d<S>::linearize(ConstMatrixRef<S> in, ConstMatrixRef<S>, ConstMatrixRef<S>) {
    work_.resize(
        std::max({outputs() * in.cols(), inputs() * in.cols(), out_.channels * (this->fanIn() + 1)}));
}

// R{a} = R{W} * h + R{b} + W * R{h}
template<class S>
void Conv2d<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    const S* biasDot = at.v ? at.v + out_.channels * this->fanIn() : nullptr;
    if (!at.inDot) {
        if (at.v)
            convolve(at.v, biasDot, at.in, outDot, room(0));
        else
            outDot.setZero();
        return;
    }
    convolve(theta_, nullptr, *at.inDot, outDot, room(0));
    if (!at.v) return;
    MatrixMap<S> moved(work_.data(), outputs(), outDot.cols());
    convolve(at.v, biasDot, at.in, moved, room(0));
    outDot += moved;
}

// R{dL/dW} = R{dL/da} with h + dL/da with R{h}, R{dL/db} = sum of R{dL/da},
// R{dL/dh} = R{dL/da} back through W + dL/da back through R{W}
template<class S>
void Conv2d<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                                MatrixRef<S>* dInDot) {
    if (gradientDot) {
        gradientOf(at.in, dOutDot, gradientDot);
        if (at.inDot) { // the bias has no second term
            const Index weights = out_.channels * this->fanIn();
            gradientOf(*at.inDot, at.dOut, work_.data());
            VectorMap<S>(gradientDot, weights) += VectorMap<S>(work_.data(), weights);
        }
    }
    if (!dInDot) return;
    prepare(dOutDot.cols());
    propagatePart(dOutDot, *dInDot, dOutDot.cols(), 0);
    if (!at.v) return;
    MatrixMap<S> moved(work_.data(), inputs(), dInDot->cols());
    packTurned(at.v, turned_.data());
    propagate(turned_.data(), at.dOut, moved, room(0));
    *dInDot += moved;
}

#define INSTANTIATE(S)                                                                                       \
    template void Conv2d<S>::linearize(ConstMatrixRef<S>, ConstMatrixRef<S>, ConstMatrixRef<S>);             \
    template void Conv2d<S>::forwardTangent(const Tangent<S>&, MatrixRef<S>);                                \
    template void Conv2d<S>::backwardTangent(const Tangent<S>&, MatrixRef<S>, S*, MatrixRef<S>*);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
