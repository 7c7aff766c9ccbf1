// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/activation.h"
#include "engine/network/layer.h"

namespace kappascope {

/// h = g(a) for every value; no parameters.
template<class S>
class ActivationLayer final : public Layer<S> {
public:
    /// `method` names a member of activationCatalog(), with its parameters.
    ActivationLayer(MethodSpec method, const MapShape& shape);

    std::string kind() const override { return method_.method; }
    const MethodSpec& method() const { return method_; }
    const Activation<S>& activation() const { return *activation_; }
    Index inputs() const override { return shape_.features(); }
    Index outputs() const override { return shape_.features(); }
    MapShape inputShape() const override { return shape_; }
    MapShape outputShape() const override { return shape_; }
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    bool backwardInPlace() const override { return true; }
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

private:
    MethodSpec method_;
    std::unique_ptr<const Activation<S>> activation_;
    MapShape shape_;
    Matrix<S> slope_, bend_; ///< tangents: g'(a) and g''(a) dL/dh
    bool bends_ = true;      ///< bend_ is not 0 everywhere, as a ReLU's is
};

} // namespace kappascope
