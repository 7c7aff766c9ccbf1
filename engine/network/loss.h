// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/types.h"
#include "engine/data/dataset.h"

#include <span>

namespace kappascope {

/// The targets of one data set in the form that a loss wants: classes, or numbers (targets x samples).
template<class S>
struct Targets {
    std::vector<int> labels; ///< for losses over classes
    Matrix<S> values;        ///< for losses over numbers: outputs x samples
};

/// Mean over the samples of a loss of the network's outputs (logits). Stateless.
template<class S>
class Loss {
public:
    virtual ~Loss() = default;

    /// Number of outputs that a network for `data` needs. Throws InputError when this loss does not fit the
    /// data.
    virtual Index outputs(const Dataset& data) const = 0;
    virtual Targets<S> targets(const Dataset& data) const = 0;

    /// Mean loss of z (outputs x n) against the samples `samples` of `targets`; writes dz = dL/dz (outputs x
    /// n).
    virtual double gradient(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                            MatrixRef<S> dz) const = 0;
    /// out = (d^2 L/dz^2) zDot, L the mean loss of gradient(); z, zDot, out: outputs x n. `out` is not zDot.
    virtual void hessianTimes(ConstMatrixRef<S> z, const Targets<S>& targets, std::span<const int> samples,
                              ConstMatrixRef<S> zDot, MatrixRef<S> out) const = 0;
    /// Sum (not mean) of the losses of z against the samples first, first+1, ... of `targets`; the caller
    /// divides.
    virtual double sum(ConstMatrixRef<S> z, const Targets<S>& targets, Index first) const = 0;

    /// Class that the outputs of one sample predict; -1 for regression. The task is asked for because mean
    /// squared error serves both.
    virtual int predictedClass(ConstVectorRef<S> z, Task task) const = 0;
    /// Class probabilities (classes x n) for outputs z; empty for regression.
    virtual Matrix<S> probabilities(ConstMatrixRef<S> z, Task task) const = 0;
};

using LossEntry = Entry<Loss>;
const Catalog<LossEntry>& lossCatalog();

} // namespace kappascope
