// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer.h"

namespace kappascope {

/// a = W h + b. W: outputs x inputs, b: outputs; in the flat vector W column-major, then b.
template<class S>
class Dense final : public Layer<S> {
public:
    Dense(Index inputs, Index outputs);

    std::string kind() const override { return "dense"; }
    Index inputs() const override { return inputs_; }
    Index outputs() const override { return outputs_; }
    std::vector<TensorShape> parameters() const override;
    void bind(S* theta, S* gradient) override;
    void reserve(Index batch) override;
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

    // --- backward() in parts that several threads may share ---
    /// After the parameters have changed, for a batch of n; then propagate() for any of its columns:
    /// dIn = dL/din.
    void prepare(Index n);
    void propagate(ConstMatrixRef<S> dOut, MatrixRef<S> dIn, Index n) const;
    /// Sets the gradient of the weights of the inputs first, ..., first + count - 1; with first = 0 also that
    /// of the bias: G_w = dL/da inputs^T, G_b = dL/da shares. dOut = dL/da of the whole batch; inputs: what
    /// the layer has received, and shares null, for ones; or what a preconditioner puts in their place.
    void setGradient(ConstMatrixRef<S> inputs, const S* shares, ConstMatrixRef<S> dOut, Index first,
                     Index count);
    /// theta -= rate * gradient for the same parameters, to the same bits as writing the gradient would give.
    void descend(ConstMatrixRef<S> inputs, const S* shares, ConstMatrixRef<S> dOut, S rate, Index first,
                 Index count);

    MatrixMap<S> weight() { return {theta_, outputs_, inputs_}; }
    VectorMap<S> bias() { return {theta_ + outputs_ * inputs_, outputs_}; }
    MatrixMap<S> weightGradient() { return {gradient_, outputs_, inputs_}; }
    VectorMap<S> biasGradient() { return {gradient_ + outputs_ * inputs_, outputs_}; }

private:
    Index inputs_, outputs_;
    S* theta_ = nullptr;
    S* gradient_ = nullptr;
    Vector<S> transposed_;  ///< room for W^T in the backward pass
    Vector<S> zero_, work_; ///< tangents: a bias of 0; room for the second of two products
};

} // namespace kappascope
