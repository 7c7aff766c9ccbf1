// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/dense.h"

#include "engine/core/products.h"

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

template<class S>
void Dense<S>::reserve(Index) {
    transposed_.resize(outputs_ * inputs_);
}

// a = W h + b
template<class S>
void Dense<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    affine<S>(weight(), in, bias(), out);
}

// dL/dW = dL/da h^T, dL/db = sum over the batch of dL/da, dL/dh = W^T dL/da
template<class S>
void Dense<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) {
    setGradient(in, nullptr, dOut, 0, inputs_);
    if (!dIn) return;
    prepare(dOut.cols());
    propagate(dOut, *dIn, dOut.cols());
}

template<class S>
void Dense<S>::prepare(Index n) {
    prepareProjection<S>(weight(), n, transposed_);
}

template<class S>
void Dense<S>::propagate(ConstMatrixRef<S> dOut, MatrixRef<S> dIn, Index n) const {
    const Eigen::Map<const Matrix<S>> W(theta_, outputs_, inputs_);
    projectBack<S>(W, transposed_, n, dOut, dIn);
}

template<class S>
void Dense<S>::setGradient(ConstMatrixRef<S> inputs, const S* shares, ConstMatrixRef<S> dOut, Index first,
                           Index count) {
    outerProduct<S>(dOut, inputs.middleRows(first, count), weightGradient().middleCols(first, count));
    if (first == 0) sumColumns<S>(dOut, shares, biasGradient());
}

template<class S>
void Dense<S>::descend(ConstMatrixRef<S> inputs, const S* shares, ConstMatrixRef<S> dOut, S rate, Index first,
                       Index count) {
    descendOuterProduct<S>(dOut, inputs.middleRows(first, count), rate, weight().middleCols(first, count));
    if (first == 0) descendColumns<S>(dOut, shares, rate, bias());
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
