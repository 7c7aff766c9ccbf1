// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/network/layer.h"

namespace kappascope {

/// Where a normalization puts its layers in a network.
struct Placement {
    bool inputs = false; ///< before the first layer with weights
    bool post = false;   ///< after each hidden activation: h = g(W B(h_prev) + b), the paper's form
    bool pre = false; ///< behind each hidden layer with weights, before its activation (Ioffe, Szegedy 2015)
};

/// A normalization layer that can be folded into, and unfolded from, the layer with weights next to it: a
/// change of coordinates that leaves the function in evaluation mode alone (math.md section 3). It acts on
/// channels (features): y_j = scale_j x_j + shift_j. Vectors hold a number for each channel.
template<class S>
class NormalizationLayer : public Layer<S> {
public:
    /// y = scale . x + shift in evaluation mode, in float64. False when it is not affine in evaluation mode.
    virtual bool evaluationMap(Vector<double>& scale, Vector<double>& shift) const = 0;
    /// gamma = 1, beta = 0, stored statistics = these; afterwards evaluationMap is (x - mean) / sqrt(variance
    /// + epsilon).
    virtual void start(ConstVectorRef<double> mean, ConstVectorRef<double> variance) = 0;
    /// gamma = sqrt(variance + epsilon), beta = mean, stored statistics = these: in evaluation mode y = x.
    virtual void startAsIdentity(ConstVectorRef<double> mean, ConstVectorRef<double> variance) = 0;
    /// Stored statistics = these; gamma and beta stay. Does not allocate.
    virtual void setStatistics(ConstVectorRef<double> mean, ConstVectorRef<double> variance) = 0;
};

/// A method of normalization: a factory of layers and where they go. "none" makes none.
template<class S>
class Normalization {
public:
    virtual ~Normalization() = default;
    virtual Placement placement() const = 0;
    /// A layer for plain features or for maps, which it normalizes per channel; null for "none".
    virtual std::unique_ptr<NormalizationLayer<S>> makeLayer(const MapShape& shape) const = 0;
    /// Whether its layers are affine in evaluation mode, so that switching it in mid-training can leave the
    /// function alone.
    virtual bool folds() const { return true; }
    /// Evaluate with the whole training set's statistics instead of the running ones.
    virtual bool evaluatesWithTrainingSet() const { return false; }
};

using NormalizationEntry = Entry<Normalization>;
const Catalog<NormalizationEntry>& normalizationCatalog();

} // namespace kappascope
