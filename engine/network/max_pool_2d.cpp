// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/max_pool_2d.h"

namespace kappascope {

template<class S>
MaxPool2d<S>::MaxPool2d(const MapShape& in, const WindowRule& rule) : pooling_{in, rule} {
    requirePooling(pooling_);
}

template<class S>
void MaxPool2d<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    for (Index n = 0; n < in.cols(); ++n)
        poolingKernels<S>().largest(pooling_, in.col(n).data(), out.col(n).data());
}

template<class S>
void MaxPool2d<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut,
                            MatrixRef<S>* dIn) {
    if (dIn) giveBack(in, out, dOut, *dIn);
}

template<class S>
void MaxPool2d<S>::giveBack(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> d,
                            MatrixRef<S> dIn) const {
    for (Index n = 0; n < in.cols(); ++n)
        poolingKernels<S>().giveBack(pooling_, in.col(n).data(), out.col(n).data(), d.col(n).data(),
                                     dIn.col(n).data());
}

// Given where the largest values stand, linear.
template<class S>
void MaxPool2d<S>::forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) {
    if (!at.inDot) {
        outDot.setZero();
        return;
    }
    for (Index n = 0; n < outDot.cols(); ++n)
        poolingKernels<S>().choose(pooling_, at.in.col(n).data(), at.out.col(n).data(),
                                   at.inDot->col(n).data(), outDot.col(n).data());
}

template<class S>
void MaxPool2d<S>::backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S*, MatrixRef<S>* dInDot) {
    if (dInDot) giveBack(at.in, at.out, dOutDot, *dInDot);
}

template<class S>
std::unique_ptr<Layer<float>> MaxPool2d<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<MaxPool2d<float>>(pooling_.in, pooling_.rule);
}

template<class S>
std::unique_ptr<Layer<double>> MaxPool2d<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<MaxPool2d<double>>(pooling_.in, pooling_.rule);
}

template class MaxPool2d<float>;
template class MaxPool2d<double>;

} // namespace kappascope
