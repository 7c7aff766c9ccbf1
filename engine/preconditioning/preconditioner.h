// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/types.h"
#include "engine/network/gradient_factor.h"
#include "engine/network/weight_shape.h"

#include <string>
#include <vector>

namespace kappascope {

/// A tensor of a method's state, for checkpoints and forks: a name and a view.
template<class S>
struct StateTensor {
    std::string name;
    VectorMap<S> values;
};

/// Transforms the gradient of one layer with weights, from what that layer receives; leaves the network
/// alone. One instance a layer. Used by the trainer's thread; allocates only in bind().
template<class S>
class Preconditioner {
public:
    virtual ~Preconditioner() = default;
    virtual void bind(const WeightShape& shape) = 0;
    /// H: inputs x n without gaps, the layer's input in this step's forward pass: of a convolution the maps,
    /// channels last. Called once a step, before transform().
    void observe(ConstMatrixRef<S> H) {
        beginObserving();
        observeFeatures(H, 0, features());
    }
    /// The same in parts: the first once, then the second for all features (or channels), a part of them by
    /// each of several threads, to the same bits.
    virtual void beginObserving() = 0;
    virtual void observeFeatures(const ConstColumns<S>& H, Index first, Index count) = 0;
    virtual Index features() const = 0;
    /// G_w (outputs x fan-in) and G_b (outputs), gradients of the mean loss over `batch` samples -> P P^T of
    /// them.
    virtual void transform(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) = 0;
    /// The same in terms of what a gradient is made of: (G_b, G_w) = D (1, H^T), and P P^T multiplies from
    /// the right, so that D (shares, inputs^T) is transform() of the gradient. inputs: as H; shares: n.
    /// Cheaper: H is smaller than G_w, or D inputs^T costs more than either. For dense layers only.
    void transformInputs(ConstMatrixRef<S> H, MatrixRef<S> inputs, VectorRef<S> shares) {
        beginTransform(H.cols());
        transformSamples(H, inputs, shares.data());
    }
    /// The same in parts: the first once for a batch of n, then the second for all of its samples, some of
    /// them by each of several threads, to the same bits.
    virtual void beginTransform(Index n) = 0;
    virtual void transformSamples(const ConstColumns<S>& H, const Columns<S>& inputs, S* shares) const = 0;
    /// After beginTransform(): how large inputs and shares may be.
    virtual FactorBounds factorBounds() const = 0;
    /// The two factors of transform() = P P^T, with the present statistics, in place: a column of weights and
    /// bias from the coordinates z in which the layer descends plainly, (w, b) = P z, and P^T of a gradient.
    /// Shapes as in transform(); with one group any number of rows. For instruments; may allocate.
    virtual void toWeights(MatrixRef<S> Zw, VectorRef<S> zb, Index batch) const = 0;
    virtual void toCoordinates(MatrixRef<S> Gw, VectorRef<S> Gb, Index batch) const = 0;
    virtual std::vector<StateTensor<S>> state() { return {}; }
};

/// A preconditioning method: makes the preconditioner of the layer d with weights (from 0), or null where it
/// leaves d alone.
template<class S>
class Preconditioning {
public:
    virtual ~Preconditioning() = default;
    virtual std::unique_ptr<Preconditioner<S>> makeLayer(int d) const = 0;
};

using PreconditioningEntry = Entry<Preconditioning>;
/// To add one: one file with a function returning its entry, and one line in preconditioning_catalog.cpp.
const Catalog<PreconditioningEntry>& preconditioningCatalog();

} // namespace kappascope
