// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/batch_plan.h"
#include "engine/network/loss.h"
#include "engine/network/network.h"
#include "engine/normalization/normalization.h"
#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/preconditioning/preconditioner.h"
#include "engine/probes/probe.h"

namespace kappascope {

/// Data in the form that a trainer of precision S uses; shared by all runs, read only.
template<class S>
struct TrainingData {
    Dataset train, test;
    Targets<S> trainTargets, testTargets;
};

/// Everything that a step's arithmetic depends on besides the data: enough to go on exactly, bit for bit.
/// Checkpoints, forks and "back to the last finite state" are copies of it. Tensors carry the names of
/// network and method states.
template<class S>
struct TrainerState {
    std::int64_t step = 0;
    Vector<S> theta, start;
    std::vector<std::pair<std::string, Vector<S>>> tensors; ///< buffers, preconditioner and optimizer state
};

/// The methods of one run.
template<class S>
struct TrainerMethods {
    std::shared_ptr<const Normalization<S>> normalization;
    std::shared_ptr<const Preconditioning<S>> preconditioning;
    std::unique_ptr<Optimizer<S>> optimizer;
    std::function<double(std::int64_t)> learningRate; ///< of a step, schedule included
    double l2 = 0; ///< penalty l2/2 |W|^2 on dense weights (not biases, gamma, beta)
    bool l2BeforePreconditioner = false;
};

/// Trains one network, one deterministic step at a time: batch -> forward -> loss -> backward -> precondition
/// -> optimizer
/// -> measure. Never asks which method it has. Used by one thread at a time; steps allocate nothing.
template<class S>
class Trainer {
public:
    /// The network holds its start weights; plan is this trainer's own copy.
    Trainer(std::unique_ptr<Network<S>> network, std::shared_ptr<const Loss<S>> loss,
            std::shared_ptr<const TrainingData<S>> data, BatchPlan plan, TrainerMethods<S> methods);
    ~Trainer();

    /// One step; records into `sink` what is due: EveryStep probes always, Regular ones when step %
    /// measureEvery == 0. Returns the mini-batch loss before the update (not finite when the run has
    /// diverged: then nothing was updated).
    double step(ProbeSink& sink, std::int64_t measureEvery);

    std::int64_t stepsDone() const;
    const Network<S>& network() const;
    Network<S>& network();
    BatchPlan& plan();

    /// Losses and accuracies of the present parameters in evaluation mode.
    Evaluation evaluate();

    TrainerState<S> state() const;
    void restore(const TrainerState<S>& state); ///< a state of a trainer built alike

    /// Changes of method in mid-training. Normalization is a change of coordinates: the network is rebuilt
    /// with the statistics folded into (or out of) the weights, its function in evaluation mode unchanged
    /// (math.md section 3); the optimizer's and preconditioner's states start anew, since their coordinates
    /// are gone.
    void setNormalization(std::shared_ptr<const Normalization<S>> normalization);
    void setPreconditioning(
        std::shared_ptr<const Preconditioning<S>> preconditioning); ///< optimizer's state stays
    void setOptimizer(std::unique_ptr<Optimizer<S>> optimizer);
    void setLearningRate(std::function<double(std::int64_t)> learningRate);
    void setL2(double l2, bool beforePreconditioner);
};

} // namespace kappascope
