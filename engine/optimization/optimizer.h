// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/catalog.h"
#include "engine/core/types.h"
#include "engine/preconditioning/preconditioner.h"

namespace kappascope {

/// What a method knows about the scale of each parameter. Unknown: before its first step.
enum class Metric { Identity, Diagonal, Unknown };

/// theta <- theta - step(g). Works on the flat vectors; one instance a run. Used by the trainer's thread;
/// allocates only in bind().
template<class S>
class Optimizer {
public:
    virtual ~Optimizer() = default;
    /// Sizes the state for n parameters and clears it.
    virtual void bind(Index n) = 0;
    /// One step with the (preconditioned) gradient g at learning rate eta.
    virtual void step(VectorRef<S> theta, ConstVectorRef<S> g, double eta) = 0;
    /// True when a step is theta -= eta g, by descend(), and nothing else: who has g in parts need not put
    /// them together.
    virtual bool followsGradient() const { return false; }
    /// The preconditioner in the method's steps: the diagonal of the P P^T that multiplies the (mean)
    /// gradient besides eta, at the present state; d: n, set for Metric::Diagonal only.
    virtual Metric metric(VectorRef<S> /*d*/) const { return Metric::Identity; }
    /// eta lambda_max(P^T H P) above which steps on a quadratic grow, P held fixed (math.md section 5).
    virtual double stabilityLimit() const = 0;
    /// Moments and the like; counters are tensors of one element.
    virtual std::vector<StateTensor<S>> state() { return {}; }
};

/// Key of the parameter that every optimizer has and that the run holds for it.
inline const std::string learningRateKey = "learning_rate";

/// Each entry has a parameter "learning_rate" whose default is usual for the method; the run decides whether
/// it is used.
using OptimizerEntry = Entry<Optimizer>;
/// To add one: one file with a function returning its entry, and one line in optimizer_catalog.cpp.
const Catalog<OptimizerEntry>& optimizerCatalog();

} // namespace kappascope
