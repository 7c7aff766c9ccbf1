// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/layer.h"
#include "engine/network/weight_shape.h"

namespace kappascope {

/// A layer of weights and a bias, a = W h + b at every position: what dense layers and convolutions have in
/// common for initialization, penalty, preconditioning, folding and instruments. Parameters: "weight",
/// outputs x fanIn (as WeightShape says), then "bias", outputs; in the flat vector W column-major, then b.
template<class S>
class WeightedLayer : public Layer<S> {
public:
    explicit WeightedLayer(const WeightShape& shape) : shape_(shape) {}

    const WeightShape& weightShape() const { return shape_; }
    Index inputChannels() const { return shape_.inputChannels; }
    Index outputChannels() const { return shape_.outputs; }
    Index kernelArea() const { return shape_.kernelArea; }
    Index groups() const { return shape_.groups; }
    Index fanIn() const { return shape_.fanIn(); }
    Index positions() const { return shape_.positions; }

    std::vector<TensorShape> parameters() const override {
        return {{"weight", shape_.outputs, fanIn(), false}, {"bias", shape_.outputs, 1, true}};
    }
    void bind(S* theta, S* gradient) override {
        theta_ = theta;
        gradient_ = gradient;
    }

    MatrixMap<S> weight() { return {theta_, shape_.outputs, fanIn()}; }
    VectorMap<S> bias() { return {theta_ + shape_.outputs * fanIn(), shape_.outputs}; }
    MatrixMap<S> weightGradient() { return {gradient_, shape_.outputs, fanIn()}; }
    VectorMap<S> biasGradient() { return {gradient_ + shape_.outputs * fanIn(), shape_.outputs}; }

    /// The height and width of the windows, whose product is kernelArea().
    virtual Index kernelHeight() const { return 1; }
    virtual Index kernelWidth() const { return 1; }
    /// True when windows reach over the border of the map, where they see zeros.
    virtual bool padded() const { return false; }

    /// What the units of `group` see: one column a position (row by row) and sample, such that their part of
    /// `out` is their W times it, plus b. in: inputs x n; patches: fanIn x (positions() n). For instruments.
    virtual void unroll(ConstMatrixRef<S> in, Index group, MatrixRef<S> patches) const = 0;

    // --- forward() and backward() in parts that several threads may share, to the same bits as the whole ---
    /// Room for so many threads; at least 1. May allocate.
    virtual void reserveParts(int /*parts*/) {}
    /// out = f(in) for some samples of a batch; `part`, below those reserved, is no other thread's at the
    /// time.
    virtual void forwardPart(const ConstColumns<S>& in, const Columns<S>& out, int part) = 0;
    /// After the parameters have changed, for a batch of n; then propagatePart() for any of its samples: dIn
    /// = dL/din.
    virtual void prepare(Index n) = 0;
    /// The share `part` of `parts` of that.
    virtual void preparePart(Index n, int part, int /*parts*/) {
        if (part == 0) prepare(n);
    }
    virtual void propagatePart(const ConstColumns<S>& dOut, const Columns<S>& dIn, Index n, int part) = 0;
    /// Sets a share of the gradient, the share `part` of `parts`, from the whole batch.
    virtual void setGradientPart(const ConstColumns<S>& in, const ConstColumns<S>& dOut, int part,
                                 int parts) = 0;

protected:
    S* theta_ = nullptr;
    S* gradient_ = nullptr;

private:
    WeightShape shape_;
};

} // namespace kappascope
