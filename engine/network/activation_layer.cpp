// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation_layer.h"

namespace kappascope {

template<class S>
ActivationLayer<S>::ActivationLayer(MethodSpec method, const MapShape& shape)
    : method_(std::move(method)),
      activation_(activationCatalog().at(method_.method).template make<S>(method_.parameters)),
      shape_(shape) {}

template<class S>
void ActivationLayer<S>::forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) {
    activation_->apply(in, out);
}

template<class S>
void ActivationLayer<S>::backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut,
                                  MatrixRef<S>* dIn) {
    if (!dIn) return;
    if (dIn->data() != dOut.data()) *dIn = dOut;
    activation_->multiplyDerivative(in, out, *dIn);
}

template<class S>
std::unique_ptr<Layer<float>> ActivationLayer<S>::copyAs(std::type_identity<float>) const {
    return std::make_unique<ActivationLayer<float>>(method_, shape_);
}

template<class S>
std::unique_ptr<Layer<double>> ActivationLayer<S>::copyAs(std::type_identity<double>) const {
    return std::make_unique<ActivationLayer<double>>(method_, shape_);
}

template class ActivationLayer<float>;
template class ActivationLayer<double>;

} // namespace kappascope
