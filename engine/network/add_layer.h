// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer.h"

namespace kappascope {

/// The end of a residual block (He, Zhang, Ren, Sun, CVPR 2016, eq. 1): the sum of what two layers give. It
/// passes on what it receives from the first; the network, which knows both (Sources), adds the second.
template<class S>
class AddLayer final : public Layer<S> {
public:
    explicit AddLayer(const MapShape& shape) : shape_(shape) {}

    std::string kind() const override { return "add"; }
    Index inputs() const override { return shape_.features(); }
    Index outputs() const override { return shape_.features(); }
    MapShape inputShape() const override { return shape_; }
    MapShape outputShape() const override { return shape_; }
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode) override { out = in; }
    void backward(ConstMatrixRef<S>, ConstMatrixRef<S>, MatrixRef<S> dOut, MatrixRef<S>* dIn) override {
        if (dIn && dIn->data() != dOut.data()) *dIn = dOut;
    }
    bool backwardInPlace() const override { return true; }
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override {
        if (at.inDot)
            outDot = *at.inDot;
        else
            outDot.setZero();
    }
    void backwardTangent(const Tangent<S>&, MatrixRef<S> dOutDot, S*, MatrixRef<S>* dInDot) override {
        if (dInDot) *dInDot = dOutDot;
    }
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override {
        return std::make_unique<AddLayer<float>>(shape_);
    }
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override {
        return std::make_unique<AddLayer<double>>(shape_);
    }

private:
    MapShape shape_;
};

} // namespace kappascope
