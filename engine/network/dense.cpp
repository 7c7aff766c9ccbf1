// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/dense.h"

namespace kappascope {

template<class S>
Dense<S>::Dense(Index inputs, Index outputs) : inputs_(inputs), outputs_(outputs) {}

template<class S>
std::vector<TensorShape> Dense<S>::parameters() const {
    return {{"weight", outputs_, inputs_, false}, {"bias", outputs_, 1, true}};
}

template<class S>
void Dense<S>::bind(S* theta, S* gradient) {
    theta_ = theta;
    gradient_ = gradient;
}

// a = W h + b
template<class S>
void Dense<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    out.colwise() = bias();
    out.noalias() += weight() * in;
}

// dL/dW = dL/da h^T, dL/db = sum over the batch of dL/da, dL/dh = W^T dL/da
template<class S>
void Dense<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    weightGradient().noalias() = dOut * in.transpose();
    biasGradient().noalias() = dOut.rowwise().sum();
    if (dIn) dIn->noalias() = weight().transpose() * dOut;
}

template<class S>
std::unique_ptr<Layer<float>> Dense<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<Dense<float>>(inputs_, outputs_);
}

template<class S>
std::unique_ptr<Layer<double>> Dense<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<Dense<double>>(inputs_, outputs_);
}

template class Dense<float>;
template class Dense<double>;

} // namespace kappascope
