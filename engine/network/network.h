// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/share.h"
#include "engine/core/step_team.h"
#include "engine/network/activation.h"
#include "engine/network/dense.h"
#include "engine/network/gradient_factor.h"
#include "engine/network/layer.h"

#include <span>
#include <vector>

namespace kappascope {

/// A tensor within the network's flat parameter vector.
struct ParameterBlock {
    std::string name;  ///< as in a checkpoint: "layers.0.weight", "normalizations.1.bias"
    std::size_t layer; ///< index into the network's layers
    int weighted;      ///< number of the layer with weights that it belongs to or feeds, from 0
    TensorShape shape;
    Index offset; ///< into theta() and gradient()
};

/// Which layers a layer receives from, by their index; both come before it.
struct Sources {
    static constexpr int networkInputs = -1, none = -2;
    int from = networkInputs; ///< the layer whose outputs it receives
    int joined = none;        ///< of an AddLayer: the layer whose outputs are added to those
    bool operator==(const Sources&) const = default;
};

/// Layers over one flat parameter vector and one flat gradient vector of the same layout: a stack, or a graph
/// whose layers stand in an order of execution. Used by one thread at a time; nothing allocates after
/// reserve().
template<class S>
class Network {
public:
    /// Each layer with its sources; without any, each receives from the one before. Sizes must fit, and
    /// somebody must receive what a layer gives, but for the last. Parameters are zero until initialized.
    explicit Network(std::vector<std::unique_ptr<Layer<S>>> layers, std::vector<Sources> sources = {});
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
    Sources sources(std::size_t l) const { return sources_[l]; }
    const std::vector<Sources>& sources() const { return sources_; }

    /// The layers with weights, first to last, and their positions in the stack. Per-layer instruments count
    /// by them.
    const std::vector<WeightedLayer<S>*>& weighted() const { return weighted_; }
    bool isDense(std::size_t d) const { return dense_[d]; } ///< weighted()[d] is
    std::size_t positionOfWeighted(int d) const { return weightedPositions_[static_cast<std::size_t>(d)]; }

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
    /// weighted()[D]. "normalizations.K" for a normalization: K is the layer with weights that it stands
    /// behind (without an activation between) or else the one that it feeds; a normalization of the network's
    /// inputs whose number 0 is taken so is "normalizations.input".
    const std::string& tensorPrefix(std::size_t l) const { return prefixes_[l]; }

    void reserve(Index batch);
    Index reserved() const { return reserved_; }
    /// Multiplications of a sample's forward pass, in layers with weights.
    Index multiplications() const;

    /// Outputs (logits) of x: inputs x n -> outputs x n, n <= reserved(). Valid until the next pass.
    MatrixRef<S> forward(const ConstColumns<S>& x, Mode mode) { return forward(x, mode, depth()); }
    /// The same through the first `depth` layers only, at least one.
    MatrixRef<S> forward(const ConstColumns<S>& x, Mode mode, std::size_t depth);
    /// Which of x's rows are not 0 in the whole batch, in ascending order; null: nobody knows.
    using Nonzero = typename Dense<S>::Nonzero;
    /// forward(x, mode) without the other rows, where it skipsZeros(): to the same bits as long as the
    /// weights are finite.
    MatrixRef<S> forward(const ConstColumns<S>& x, Mode mode, Nonzero nonzero);
    bool skipsZeros() const { return denseAt_.front() && denseAt_.front()->inHalves(); }
    /// After forward(x, mode): sets gradient() from dL/dlogits, for the function of that mode. Overwrites
    /// `dz`.
    void backward(const ConstColumns<S>& x, const Columns<S>& dz);

    // --- the backward pass in parts, for a step of training ---
    /// For each layer with weights, after the parameters have changed: what propagate() of a batch of n needs
    /// of them. Any thread of the team, for different layers at once; or a share of it, for different shares.
    void prepareToPropagate(std::size_t d, Index n) {
        if (weightedPositions_[d] > lowestTrained_) weighted_[d]->prepare(n);
    }
    void prepareToPropagate(std::size_t d, Index n, int part, int parts) {
        if (weightedPositions_[d] > lowestTrained_) weighted_[d]->preparePart(n, part, parts);
    }
    /// Sets dL/da of every dense layer, and the gradients of all other layers (convolutions, normalizations).
    /// Overwrites and remembers `dz`.
    void propagate(const ConstColumns<S>& x, const Columns<S>& dz);
    /// One for each layer with weights, or none: their own inputs. Those of convolutions are not looked at.
    using Factors = std::span<const GradientFactor<S>>;
    /// After propagate(): sets the gradients of the dense layers.
    void setWeightGradients(const ConstColumns<S>& x, Factors factors = {});
    /// propagate() and setWeightGradients() at once, to the same bits: faster where the layers are narrow.
    void differentiate(const ConstColumns<S>& x, const Columns<S>& dz);
    /// After propagate(): at least the squared norm of the gradient; infinite or not a number where it cannot
    /// be told. No number of x is larger than `largestInput`.
    double gradientBound(const ConstColumns<S>& x, double largestInput, Factors factors = {});
    /// After propagate(): theta() -= rate * gradient, as descendOuterProduct() does without setting that of
    /// the dense layers. A pass over weights and gradient less each: 784-100-100-100-10 at batch 1 takes two
    /// thirds of the time.
    /// nonzero: as in forward().
    void descend(const ConstColumns<S>& x, S rate, Factors factors = {}, Nonzero nonzero = nullptr);

    /// From now on the threads of `team` share forward passes in training mode and the parts of the backward
    /// pass, to the same bits; null: none. The team outlives its use. Allocates for more threads than before.
    void setTeam(StepTeam* team);
    /// Whether those threads pass n samples through the first layer with its inputs shared out, a half of the
    /// sums each, and not the samples: half of W stays in a core's cache from step to
    /// step, and of x that half is all that it needs, for W's gradient too.
    bool sharesInputs(Index n) const;

    /// What layer l received, or gave, in the last forward pass of n samples; l = 0 received x itself, which
    /// is not kept: hand it in.
    Eigen::Ref<const Matrix<S>> inputOf(std::size_t l, ConstMatrixRef<S> x) const;
    Eigen::Ref<const Matrix<S>> outputOf(std::size_t l, Index n) const;

private:
    static constexpr Index fewestOfDense = 8; ///< samples of a share: the order of sums changes below seven

    using Samples = Range; ///< some of a batch
    /// Layers of which a pass takes one after the other, for all samples or for any of them.
    struct Segment {
        std::size_t begin, end;
        bool wholeBatch; ///< a single layer whose passes cannot be shared out by samples
        bool coupled;    ///< the first layer couples the samples, but shares its features out
        Index fewest;    ///< samples of a share
    };

    /// Some samples of what layer l received or gave.
    ConstColumns<S> received(std::size_t l, const ConstColumns<S>& x, Samples some) const {
        const int from = sources_[l].from;
        return from < 0 ? x.middleCols(some.first, some.count) : given(static_cast<std::size_t>(from), some);
    }
    Columns<S> given(std::size_t l, Samples some) const {
        return outputs_[l].middleCols(some.first, some.count);
    }
    /// Whether gradients are wanted of what a layer gives, or the network's inputs: something below learns.
    bool learnsUpTo(int l) const { return l >= static_cast<int>(lowestTrained_); }
    bool lastToReceive(std::size_t l, int from) const {
        return lastReceiver_[static_cast<std::size_t>(from)] == l;
    }
    void connect();
    void cut();
    void fuseNarrow(std::size_t l);
    void link();
    bool isChain(Index n) const;
    NarrowChain<S> chainOf(const ConstColumns<S>& x) const { return {chain_, x.data, x.stride, x.cols}; }
    void forwardChain(const ConstColumns<S>& x);
    void nameLayers();
    void layOut();
    void placeGradients(const Columns<S>& dz, Index n);
    void forwardHalves(const ConstColumns<S>& x);
    void forwardLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Mode mode, Samples some,
                       int part);
    void propagateLayers(std::size_t begin, std::size_t end, const ConstColumns<S>& x, Samples some,
                         int part);
    void setGradientOfFeatures(std::size_t l, const ConstColumns<S>& x);
    /// Whether threads share a layer that couples the samples: its statistics by features, the rest by
    /// samples, which stay with the threads that pass them through the layers below and above.
    bool sharesFeatures(std::size_t l) const {
        return team_ && mode_ == Mode::Training && layers_[l]->sharedFeatures() > 0;
    }
    void propagateJoin(std::size_t l, Samples some);
    void setOtherGradients(const ConstColumns<S>& x);
    template<class Work>
    void shareSamples(Index n, Index fewest, const Work& work);
    template<class Work>
    void shareInputs(const Work& work);
    template<class Work>
    void shareFeatures(Index features, const Work& work);
    void setLargest(Samples some, int part, const ConstColumns<S>& x);
    bool receivesInputs(std::size_t d) const { return sources_[weightedPositions_[d]].from < 0; }
    ConstColumns<S> factorOf(std::size_t d, const ConstColumns<S>& x, Factors factors) const;

    std::vector<std::unique_ptr<Layer<S>>> layers_;
    std::vector<Sources> sources_;
    std::vector<std::size_t> lastReceiver_; ///< by layer: the last one that receives from it
    std::vector<WeightedLayer<S>*> weighted_;
    std::vector<std::size_t> weightedPositions_;
    std::vector<Dense<S>*> dense_;                   ///< by layer with weights; null for others
    std::vector<Dense<S>*> denseAt_;                 ///< by layer; null for others
    std::vector<WeightedLayer<S>*> otherAt_;         ///< by layer: with weights, but not dense
    std::vector<const Activation<S>*> activationAt_; ///< by layer; null for others
    std::vector<NarrowPasses<S>> narrowAt_; ///< by layer; of dense ones with the activation behind them
    /// All dense layers but the last, each with its activation, where they are narrow and nothing else is
    /// there.
    std::vector<NarrowLink<S>> chain_;
    std::vector<Segment> segments_;
    std::vector<std::string> prefixes_;
    std::vector<int> weightedOf_; ///< number of the layer with weights that a layer belongs to or feeds
    std::vector<ParameterBlock> blocks_;
    Vector<S> theta_, gradient_;
    std::vector<Matrix<S>> activations_; ///< activations_[l]: output of layer l
    /// deltas_[l]: dL/d(input of layer l), empty where it works in place; of a join, of its second input.
    std::vector<Matrix<S>> deltas_;
    std::vector<Columns<S>> outputs_; ///< views of activations_
    std::vector<Columns<S>> dOut_;    ///< since propagate(), by layer: dL/d(output)
    Matrix<S> largest_; ///< two of each dense layer x parts: the largest input and dL/da of some samples
    std::size_t lowestTrained_ = 0; ///< the first layer with parameters: gradients stop there
    Index reserved_ = 0;
    int parts_ = 1;          ///< threads that layers have room for
    bool hasOthers_ = false; ///< layers with weights that are not dense
    StepTeam* team_ = nullptr;
    bool halvesAreThere_ = false; ///< of the first layer's sums; to be joined
    Nonzero nonzero_ = nullptr;   ///< during a forward pass, where it is known
    Mode mode_ = Mode::Training;  ///< of the last forward pass
};

} // namespace kappascope
