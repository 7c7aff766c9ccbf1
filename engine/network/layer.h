// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/types.h"
#include "engine/network/map_shape.h"
#include "engine/network/tangent.h"

#include <memory>
#include <string>
#include <type_traits>
#include <vector>

namespace kappascope {

/// Which function a forward pass computes: with the mini-batch's statistics, or with the stored ones.
enum class Mode { Training, Evaluation };

/// A tensor of parameters (or of stored statistics) as the layer names it: PyTorch's names and shapes.
struct TensorShape {
    std::string name; ///< "weight", "bias", "running_mean", ...
    Index rows = 0;   ///< [rows, cols] for a matrix; a vector has cols = 1
    Index cols = 1;
    bool vector = true;
    Index size() const { return rows * cols; }
};

/// One layer of a network. Parameters live in the network's flat vector: bind() hands out their place. A
/// layer is used by one thread at a time; after reserve() no call allocates. But forward() and backward() of
/// a layer without parameters that does not couple samples may be called by several threads at once, for
/// different samples of a batch: such a layer keeps nothing of them (backward() gets `in` and `out` again).
template<class S>
class Layer {
public:
    virtual ~Layer() = default;

    virtual std::string kind() const = 0; ///< "dense", "tanh", "batch_norm": for tables of layers
    virtual Index inputs() const = 0;
    virtual Index outputs() const = 0;
    /// The same with channels, height and width, where the layer knows them.
    virtual MapShape inputShape() const { return inputs(); }
    virtual MapShape outputShape() const { return outputs(); }

    /// Trainable tensors, in their order in the flat vector (each column-major).
    virtual std::vector<TensorShape> parameters() const { return {}; }
    virtual void bind(S* /*theta*/, S* /*gradient*/) {}

    /// Statistics that are stored but not trained (running mean and variance), as pointers with shapes.
    struct Buffer {
        TensorShape shape;
        S* data;
    };
    virtual std::vector<Buffer> buffers() { return {}; }

    virtual void reserve(Index /*batch*/) {}

    /// out = f(in); in: inputs x n, out: outputs x n, n at most what was reserved (training mode).
    virtual void forward(ConstMatrixRef<S> in, MatrixRef<S> out, Mode mode) = 0;
    /// After forward(in, out, mode), for the function of that mode: sets this layer's gradient (overwrites),
    /// and dIn = dL/din when dIn is not null. dOut = dL/dout; may be overwritten.
    virtual void backward(ConstMatrixRef<S> in, ConstMatrixRef<S> out, MatrixRef<S> dOut,
                          MatrixRef<S>* dIn) = 0;

    /// True when the outputs of a sample depend on the other samples of the batch.
    virtual bool couplesSamples(Mode) const { return false; }

    // --- passes in training mode by several threads: each first does some features of the whole batch, then
    // some samples, those that are in its core's cache already ---
    /// How many features (or channels) there are to share out, to the same bits; 0: none, the layer does its
    /// passes at once.
    virtual Index sharedFeatures() const { return 0; }
    /// forward() in training mode: the statistics of the features first, ..., first + count - 1, with 0 among
    /// those of one of the threads, of the whole batch; then what some samples become.
    virtual void measureFeatures(const ConstColumns<S>& /*in*/, Index /*first*/, Index /*count*/) {}
    virtual void forwardSamples(const ConstColumns<S>& /*in*/, const Columns<S>& /*out*/) {}
    /// backward() after it: the gradients of the features' parameters, of the whole batch; then dIn of some
    /// samples of a batch of n.
    virtual void setGradientOfFeatures(const ConstColumns<S>& /*in*/, const ConstColumns<S>& /*dOut*/,
                                       Index /*first*/, Index /*count*/) {}
    virtual void backwardSamples(const ConstColumns<S>& /*in*/, const ConstColumns<S>& /*dOut*/, Index /*n*/,
                                 const Columns<S>& /*dIn*/) {}

    /// In place: dIn of backward() may be dOut's own memory.
    virtual bool backwardInPlace() const { return false; }

    // --- tangents at the point of the last forward(in, out, mode), for Hessian-vector products ---
    /// Once at a point, with dOut = dL/dout there: keeps what all products at it need. May allocate.
    virtual void linearize(ConstMatrixRef<S> /*in*/, ConstMatrixRef<S> /*out*/, ConstMatrixRef<S> /*dOut*/) {}
    /// outDot = R{out}.
    virtual void forwardTangent(const Tangent<S>& at, MatrixRef<S> outDot) = 0;
    /// Given dOutDot = R{dL/dout} (may be overwritten): gradientDot = R{gradient of the layer's parameters},
    /// laid out as they are, and dInDot = R{dL/din}; each is null where nobody asks.
    virtual void backwardTangent(const Tangent<S>& at, MatrixRef<S> dOutDot, S* gradientDot,
                                 MatrixRef<S>* dInDot) = 0;

    /// A copy with its stored statistics, in this or in the other precision; unbound.
    virtual std::unique_ptr<Layer<float>> copyAs(std::type_identity<float>) const = 0;
    virtual std::unique_ptr<Layer<double>> copyAs(std::type_identity<double>) const = 0;
    std::unique_ptr<Layer> clone() const { return copyAs(std::type_identity<S>{}); }
};

} // namespace kappascope
