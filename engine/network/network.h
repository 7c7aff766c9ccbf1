// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/step_team.h"
#include "engine/network/activation.h"
#include "engine/network/dense.h"
#include "engine/network/layer.h"

#include <span>
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

/// What the gradient of a dense layer is made of besides dL/da: G_w = dL/da inputs^T, G_b = dL/da shares.
/// inputs: as many x batch, without gaps; null: what the layer has received. shares: batch; null: ones.
template<class S>
struct GradientFactor {
    const S* inputs = nullptr;
    const S* shares = nullptr;
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
    MatrixRef<S> forward(const ConstColumns<S>& x, Mode mode) { return forward(x, mode, depth()); }
    /// The same through the first `depth` layers only, at least one.
    MatrixRef<S> forward(const ConstColumns<S>& x, Mode mode, std::size_t depth);
    /// After forward(x, mode): sets gradient() from dL/dlogits, for the function of that mode. Overwrites
    /// `dz`.
    void backward(const ConstColumns<S>& x, const Columns<S>& dz);

    // --- the backward pass in parts, for a step of training ---
    /// Sets dL/da of every dense layer, and the gradients of all other layers. Overwrites and remembers `dz`.
    void propagate(const ConstColumns<S>& x, const Columns<S>& dz);
    /// One for each dense layer, or none: their own inputs.
    using Factors = std::span<const GradientFactor<S>>;
    /// After propagate(): sets the gradients of the dense layers.
    void setDenseGradients(const ConstColumns<S>& x, Factors factors = {});
    /// After propagate(): at least the squared norm of the gradient; infinite or not a number where it cannot
    /// be told.
    double gradientBound(const ConstColumns<S>& x, Factors factors = {}) const;
    /// After propagate(): theta() -= rate * gradient without setting that of the dense layers, to the same
    /// bits as if it were. A pass over weights and gradient less each: 784-100-100-100-10 at batch 1 takes
    /// two thirds of the time.
    void descend(const ConstColumns<S>& x, S rate, Factors factors = {});

    /// From now on the threads of `team` share forward passes in training mode and the parts of the backward
    /// pass, to the same bits; null: none. The team outlives its use.
    void setTeam(StepTeam* team) { team_ = team; }

    /// What layer l received, or gave, in the last forward pass of n samples; l = 0 received x itself, which
    /// is not kept: hand it in.
    Eigen::Ref<const Matrix<S>> inputOf(std::size_t l, ConstMatrixRef<S> x) const;
    Eigen::Ref<const Matrix<S>> outputOf(std::size_t l, Index n) const;

private:
    /// Some samples of a batch.
    struct Samples {
        Index first, count;
    };
    /// Layers of which a pass takes one after the other, for all samples or for any of them.
    struct Segment {
        std::size_t begin, end;
        bool wholeBatch; ///< a single layer whose passes cannot be shared out by samples
    };

    /// Some samples of what layer l received or gave.
    ConstColumns<S> received(std::size_t l, const ConstColumns<S>& x, Samples some) const {
        return l == 0 ? x.middleCols(some.first, some.count) : given(l - 1, some);
    }
    Columns<S> given(std::size_t l, Samples some) const {
        return outputs_[l].middleCols(some.first, some.count);
    }
    void cut();
    void nameLayers();
    void layOut();
    void forwardLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Mode mode, Samples some);
    void propagateLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Samples some);
    template<class Work>
    void shareSamples(Index n, const Work& work);
    template<class Work>
    void shareInputs(const Work& work);
    ConstColumns<S> factorOf(std::size_t d, const ConstColumns<S>& x, Factors factors) const;

    std::vector<std::unique_ptr<Layer<S>>> layers_;
    std::vector<Dense<S>*> dense_;
    std::vector<std::size_t> densePositions_;
    std::vector<Dense<S>*> denseAt_;                 ///< by layer; null for others
    std::vector<const Activation<S>*> activationAt_; ///< by layer; null for others
    std::vector<NarrowPasses<S>> narrowAt_; ///< by layer; of dense ones with the activation behind them
    std::vector<Segment> segments_;
    std::vector<std::string> prefixes_;
    std::vector<int> denseOf_; ///< number of the dense layer that a layer belongs to or feeds
    std::vector<ParameterBlock> blocks_;
    Vector<S> theta_, gradient_;
    std::vector<Matrix<S>> activations_; ///< activations_[l]: output of layer l
    std::vector<Matrix<S>> deltas_;   ///< deltas_[l]: dL/d(input of layer l), empty where it works in place
    std::vector<Columns<S>> outputs_; ///< views of activations_
    std::vector<Columns<S>> dOut_;    ///< since propagate(), by layer: dL/d(output)
    std::size_t lowestTrained_ = 0;   ///< the first layer with parameters: gradients stop there
    Index reserved_ = 0;
    StepTeam* team_ = nullptr;
};

} // namespace kappascope
