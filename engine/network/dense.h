// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/narrow_layers.h"
#include "engine/core/products.h"
#include "engine/network/weighted_layer.h"

#include <span>

namespace kappascope {

/// a = W h + b. W: outputs x inputs, b: outputs; in the flat vector W column-major, then b.
template<class S>
class Dense final : public WeightedLayer<S> {
public:
    Dense(Index inputs, Index outputs);

    std::string kind() const override { return "dense"; }
    Index inputs() const override { return inputs_; }
    Index outputs() const override { return outputs_; }
    void reserve(Index batch) override;
    void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) override;
    void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut, MatrixRef<S>* dIn) override;
    void linearize(ConstMatrixRef<S> in, ConstMatrixRef<S> out, ConstMatrixRef<S> dOut) override;
    void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) override;
    void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                         MatrixRef<S>* dInDot) override;
    std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const override;
    std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const override;

    /// Which inputs are not 0 in a whole batch, in ascending order; null: nobody knows. Looked at where there
    /// are many, inHalves().
    using Nonzero = const std::span<const std::int32_t>*;

    /// forward() of the samples of a batch from `first` on.
    void apply(const ConstColumns<S>& in, const Columns<S>& out, Index first, Nonzero nonzero = nullptr) {
        if (!inHalves()) return affine<S>(weightColumns(), in, biasColumn(), out);
        applyHalf(0, in, out, first, nonzero);
        applyHalf(1, in, out, first, nonzero);
        joinHalves(out, first);
    }

    // --- forward() in parts that several threads may share ---
    /// Whether there are so many inputs that the sums over them are formed in two halves: W's columns of
    /// either are then needed by those threads alone that also change them.
    bool inHalves() const { return inputs_ >= 512 && !narrow_; }
    /// The sums over one half of the inputs, 0 or 1; then, for any of the same samples, both together.
    void applyHalf(int half, const ConstColumns<S>& in, const Columns<S>& out, Index first,
                   Nonzero nonzero = nullptr);
    void joinHalves(const Columns<S>& out, Index first);

    /// With the activation behind it, given its passes for a narrow layer; then as apply(): h = g(a).
    void apply(const NarrowPasses<S>& g, const ConstColumns<S>& in, const Columns<S>& a,
               const Columns<S>& h) const {
        g.forward({theta_, in.data, 1, in.stride, inputs_, in.cols}, outputs_, biasColumn().data, a.data,
                  h.data);
    }

    // --- backward() in parts that several threads may share ---
    /// After the parameters have changed, for a batch of n; then propagate() for any of its columns:
    /// dIn = dL/din.
    void prepare(Index n) override;
    void preparePart(Index n, int part, int parts) override;
    void propagate(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index n) const;
    /// With the activation that this layer receives the results h of, unless the
    /// projection is by dot products: dIn = dL/da of that one, and h has no gaps.
    void propagate(const NarrowPasses<S>& g, const ConstColumns<S>& dOut, const ConstColumns<S>& h,
                   const Columns<S>& dIn) const {
        g.backward(narrowProjection(dOut), inputs_, h.data, dIn.data);
    }
    /// W^T dL/da, unless the projection is by dot products.
    NarrowProduct<S> narrowProjection(const ConstColumns<S>& dOut) const {
        return {outputs_ == 1 ? theta_ : transposed_.data(), dOut.data, 1, dOut.stride, outputs_, dOut.cols};
    }
    /// This layer, which is narrow, in a chain, as soon as it is bound and reserved. a, h, d: what it gives,
    /// g of that, and room for dL/da.
    NarrowLink<S> link(const NarrowPasses<S>& g, S* a, S* h, S* d) {
        return {g.g, inputs_, outputs_, theta_, gradient_, transposed_.data(), a, h, d};
    }
    /// Sets the gradient of the weights of the inputs first, ..., first + count - 1; with first = 0 also that
    /// of the bias: G_w = dL/da inputs^T, G_b = dL/da shares. dOut = dL/da of the whole batch; inputs: what
    /// the layer has received, and shares null, for ones; or what a preconditioner puts in their place.
    void setGradient(const ConstColumns<S>& inputs, const S* shares, const ConstColumns<S>& dOut, Index first,
                     Index count);
    /// theta -= rate * gradient for the same parameters, as descendOuterProduct() does without writing it.
    void descend(const ConstColumns<S>& inputs, const S* shares, const ConstColumns<S>& dOut, S rate,
                 Index first, Index count, Nonzero nonzero = nullptr);

    void unroll(ConstMatrixRef<S> in, Index, MatrixRef<S> patches) const override { patches = in; }
    void forwardPart(const ConstColumns<S>& in, const Columns<S>& out, int) override { apply(in, out, 0); }
    void propagatePart(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index n, int) override {
        propagate(dOut, dIn, n);
    }
    void setGradientPart(const ConstColumns<S>& in, const ConstColumns<S>& dOut, int part,
                         int parts) override;

private:
    using WeightedLayer<S>::theta_;
    using WeightedLayer<S>::gradient_;

    ConstColumns<S> weightColumns() const { return {theta_, outputs_, inputs_, outputs_}; }
    ConstColumns<S> biasColumn() const { return {theta_ + outputs_ * inputs_, outputs_, 1, outputs_}; }

    Index inputs_, outputs_;
    bool narrow_;           ///< the outputs are
    Vector<S> transposed_;  ///< room for W^T in the backward pass
    Matrix<S> second_;      ///< room for the second halves of sums, outputs x batch, or empty
    Vector<S> zero_, work_; ///< tangents: a bias of 0; room for the second of two products
};

} // namespace kappascope
