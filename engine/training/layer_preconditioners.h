// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// The preconditioners of all layers with weights of one network. Used by the trainer's thread; allocates
/// only in bind().
template<class S>
class LayerPreconditioners {
public:
    /// Starts `method` anew for the layers of `network`, with room for the batches of before.
    void bind(const Preconditioning<S>& method, const Network<S>& network);

    /// Sizes the workspaces for batches of up to so many samples.
    void reserve(const Network<S>& network, Index batch);

    /// Whether a layer has one.
    bool any() const { return !layers_.empty(); }
    /// After the forward pass of the batch x (inputs x n): each preconditioner observes what its layer has
    /// received. The threads of `team` share the work, here and below, to the same bits; null: none.
    void observe(const Network<S>& network, ConstMatrixRef<S> x, StepTeam* team = nullptr);
    /// What the transformed gradients of dense layers are made of, one factor a layer with weights; none
    /// where no layer has a preconditioner. Valid until the next call.
    std::span<const GradientFactor<S>> factors(const Network<S>& network, ConstMatrixRef<S> x,
                                               StepTeam* team = nullptr);
    /// The same for a gradient that is there already: transforms the network's.
    void transform(Network<S>& network, Index batch);
    /// The same for convolutions alone, which have no factors: their input maps are larger than the gradient.
    void transformOthers(Network<S>& network, Index batch);

    /// Names begin with the number of the layer: "0.mean".
    std::vector<StateTensor<S>> state() const;

private:
    struct Layer {
        std::unique_ptr<Preconditioner<S>> method; ///< null where there is none
        Vector<S> inputs, shares;                  ///< its factors; inputs without gaps between the columns
    };
    void transform(Network<S>& network, Index batch, bool denseToo);
    ConstColumns<S> received(std::size_t d, const Network<S>& network, ConstMatrixRef<S> x) const {
        return network.inputOf(network.positionOfWeighted(static_cast<int>(d)), x);
    }

    std::vector<Layer> layers_; ///< by layer with weights; empty where no layer has a preconditioner
    std::vector<GradientFactor<S>> factors_;
    Index batch_ = 0;
};

} // namespace kappascope
