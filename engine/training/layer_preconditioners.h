// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/network/network.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// The preconditioners of all dense layers of one network. Used by the trainer's thread; allocates only in
/// bind().
template<class S>
class LayerPreconditioners {
public:
    /// Starts `method` anew for the layers of `network`.
    void bind(const Preconditioning<S>& method, const Network<S>& network);

    /// After forward and backward of the batch x (inputs x n): each preconditioner observes what its layer
    /// has received, then transforms the layer's part of the network's gradient.
    void apply(Network<S>& network, ConstMatrixRef<S> x);

    /// Names begin with the number of the dense layer: "0.mean".
    std::vector<StateTensor<S>> state() const;

private:
    std::vector<std::unique_ptr<Preconditioner<S>>>
        layers_; ///< by dense layer; null where the method has none
};

} // namespace kappascope
