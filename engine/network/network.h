// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/dense.h"
#include "engine/network/layer.h"

#include <vector>

namespace kappascope {

/// A tensor within the network's flat parameter vector.
struct ParameterBlock {
    std::string name;  ///< as in a checkpoint: "layers.0.weight", "normalizations.1.bias"
    std::size_t layer; ///< index into the network's layers
    int dense;         ///< number of the dense layer it belongs to or feeds, from 0
    TensorShape shape;
    Index offset; ///< into theta() and gradient()
};

/// A stack of layers over one flat parameter vector and one flat gradient vector of the same layout. Used by
/// one thread at a time; nothing allocates after reserve().
template<class S>
class Network {
public:
    /// Adjacent layers must fit. Parameters are zero until initialized.
    explicit Network(std::vector<std::unique_ptr<Layer<S>>> layers);
    Network(const Network& other); ///< parameters, gradient and statistics too; reserved alike
    /// The network of the other precision, rounded; nothing reserved.
    template<class From>
    explicit Network(const Network<From>& other);
    Network& operator=(const Network&) = delete;

    Index inputs() const { return layers_.front()->inputs(); }
    Index outputs() const { return layers_.back()->outputs(); }
    std::size_t depth() const { return layers_.size(); }
    Layer<S>& layer(std::size_t l) { return *layers_[l]; }
    const Layer<S>& layer(std::size_t l) const { return *layers_[l]; }

    /// The dense layers, first to last, and their positions in the stack. Per-layer instruments count by
    /// them.
    const std::vector<Dense<S>*>& dense() const { return dense_; }
    std::size_t positionOfDense(int d) const { return densePositions_[static_cast<std::size_t>(d)]; }

    Vector<S>& theta() { return theta_; }
    const Vector<S>& theta() const { return theta_; }
    Vector<S>& gradient() { return gradient_; }
    const Vector<S>& gradient() const { return gradient_; }
    const std::vector<ParameterBlock>& blocks() const { return blocks_; }

    /// Stored statistics of all layers with their checkpoint names.
    struct NamedBuffer {
        std::string name;
        typename Layer<S>::Buffer buffer;
    };
    std::vector<NamedBuffer> buffers();

    /// What the names of layer l's tensors begin with, or empty for a layer without tensors. "layers.D" for
    /// the dense layer D. "normalizations.K" for a normalization: K is the dense layer that it stands behind
    /// (without an activation between) or else the one that it feeds; a normalization of the network's inputs
    /// whose number 0 is taken so is "normalizations.input".
    const std::string& tensorPrefix(std::size_t l) const { return prefixes_[l]; }

    void reserve(Index batch);
    Index reserved() const { return reserved_; }

    /// Outputs (logits) of x: inputs x n -> outputs x n, n <= reserved(). Valid until the next pass.
    MatrixRef<S> forward(ConstMatrixRef<S> x, Mode mode) { return forward(x, mode, depth()); }
    /// The same through the first `depth` layers only, at least one.
    MatrixRef<S> forward(ConstMatrixRef<S> x, Mode mode, std::size_t depth);
    /// After forward(x, mode): sets gradient() from dL/dlogits, for the function of that mode. Overwrites
    /// `dz`.
    void backward(ConstMatrixRef<S> x, MatrixRef<S> dz);

    /// What layer l received, or gave, in the last forward pass of n samples; l = 0 received x itself, which
    /// is not kept: hand it in.
    Eigen::Ref<const Matrix<S>> inputOf(std::size_t l, ConstMatrixRef<S> x) const;
    Eigen::Ref<const Matrix<S>> outputOf(std::size_t l, Index n) const;

private:
    void nameLayers();
    void layOut();

    std::vector<std::unique_ptr<Layer<S>>> layers_;
    std::vector<Dense<S>*> dense_;
    std::vector<std::size_t> densePositions_;
    std::vector<std::string> prefixes_;
    std::vector<int> denseOf_; ///< number of the dense layer that a layer belongs to or feeds
    std::vector<ParameterBlock> blocks_;
    Vector<S> theta_, gradient_;
    std::vector<Matrix<S>> activations_; ///< activations_[l]: output of layer l
    Vector<S> deltaA_, deltaB_;          ///< dL/d(activations), alternating; columns without gaps
    std::size_t lowestTrained_ = 0;      ///< the first layer with parameters: gradients stop there
    Index reserved_ = 0;
};

} // namespace kappascope
