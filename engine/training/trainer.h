// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/optimization/optimizer.h"
#include "engine/optimization/schedule.h"
#include "engine/training/batch_feed.h"
#include "engine/training/due_probes.h"
#include "engine/training/evaluator.h"
#include "engine/training/layer_preconditioners.h"
#include "engine/training/measure_cadence.h"
#include "engine/training/nonzero_inputs.h"
#include "engine/training/trainer_state.h"

#include <chrono>

namespace kappascope {

/// The methods of one run.
template<class S>
struct TrainerMethods {
    std::shared_ptr<const Normalization<S>> normalization; ///< the network has been built with it
    std::shared_ptr<const Preconditioning<S>> preconditioning;
    std::unique_ptr<Optimizer<S>> optimizer;
    std::function<double(std::int64_t)> learningRate; ///< of a step, schedule included
    double l2 = 0; ///< penalty l2/2 |W|^2 on weights (not biases, gamma, beta)
    bool l2BeforePreconditioner = false;
};

/// Trains one network, one deterministic step at a time: batch -> forward -> loss -> backward -> precondition
/// -> optimizer -> measure. Never asks which method it has. Used by one thread at a time; steps allocate
/// nothing.
template<class S>
class Trainer {
public:
    /// The network holds its start weights; plan is this trainer's own copy.
    Trainer(std::unique_ptr<Network<S>> network, std::shared_ptr<const Loss<S>> loss,
            std::shared_ptr<const TrainingData<S>> data, BatchPlan plan, TrainerMethods<S> methods);
    Trainer(const Trainer&) = delete;
    Trainer& operator=(const Trainer&) = delete;

    /// One step; records into `sink` what is due: EveryStep probes always, Regular ones as `cadence` says.
    /// Returns the mini-batch loss before the update, without the
    /// penalty. Not finite when the run has diverged (the loss, or the gradient, for which it returns
    /// infinity): then the step does not count, and the network's parameters and statistics are as before it.
    double step(ProbeSink& sink, const MeasureCadence& cadence);

    /// Does ahead what the next step() with this cadence evaluates, until `deadline` has passed, but one pass
    /// in any case; true when nothing of it is left. The step does what is left. The same numbers, however it
    /// is cut: so a long evaluation need not hold up whoever trains.
    bool evaluateAhead(const MeasureCadence& cadence, std::chrono::steady_clock::time_point deadline);
    /// What has come of that: the share that is done, 0 where nothing has begun since the parameters changed;
    /// and the numbers, once all is.
    double evaluatedShare() const { return evaluating_ ? evaluator_.share(*data_) : 0; }
    std::optional<Evaluation> evaluated() const;
    /// Multiply-adds of an evaluation, without what refreshing statistics takes.
    Index evaluationCost() const;

    /// From now on the threads of `team` share the work of a step and of evaluations, to the same bits; null:
    /// none. The team outlives its use.
    void setTeam(StepTeam* team);
    /// Whether a step with so many samples is so long that it may make up for a dozen meetings of the
    /// threads. Measured with two threads: 784-100-100-100-10 at batch 60 takes 0.6 of the time, 2-64-64-2 at
    /// batch 32 three times as long.
    bool sharesSteps(Index samples) const;

    std::int64_t stepsDone() const { return step_; }
    const Network<S>& network() const { return *network_; }
    /// Who changes its parameters does so between steps, and not before the rest of an evaluation.
    Network<S>& network() { return *network_; }
    const BatchPlan& plan() const { return plan_; }
    /// Mini-batches of `batchSize` from `step` on; sizes the workspaces for them.
    void changeBatchSize(std::int64_t step, int batchSize);

    /// Losses and accuracies of the present parameters in evaluation mode.
    Evaluation evaluate();
    /// Brings the statistics that network() evaluates with up to date, where the normalization takes them
    /// from the whole training set. Before reading network() for evaluation elsewhere; evaluate() does it
    /// itself.
    void refreshStatistics();

    TrainerState<S> state() const;
    /// Goes on from a state of a trainer built alike. Throws std::logic_error when its tensors do not fit.
    void restore(const TrainerState<S>& state);

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

private:
    StepTeam* shareWork(Index samples);
    double lossGradient(ConstMatrixRef<S> z, std::span<const int> samples, MatrixRef<S> dz, StepTeam* team);
    bool evaluates(const MeasureCadence& cadence) const {
        return probes_.needEvaluation() && cadence.evaluationDue(step_);
    }
    void beginEvaluation();
    Evaluation restOfEvaluation();
    void adoptNetwork();
    void reserve();
    bool descends(double rate) const;
    bool descend(ConstMatrixRef<S> x, typename Network<S>::Nonzero nonzero, double rate, bool measured,
                 StepTeam* team);
    bool followGradient(ConstMatrixRef<S> x, double rate, bool measured, bool set, StepTeam* team);
    bool penaltyFirst() const { return methods_.l2BeforePreconditioner && methods_.l2 != 0; }
    void addPenalty();
    void keepStatistics();
    double refuse(double loss);
    std::vector<StateTensor<S>> tensors() const;

    std::unique_ptr<Network<S>> network_;
    std::shared_ptr<const Loss<S>> loss_;
    std::shared_ptr<const TrainingData<S>> data_;
    BatchPlan plan_;
    BatchFeed<S> feed_;
    NonzeroInputs<S> nonzeroInputs_;
    TrainerMethods<S> methods_;
    LayerPreconditioners<S> preconditioners_;
    Evaluator<S> evaluator_;
    bool evaluating_ = false; ///< the evaluator has begun with the present parameters
    DueProbes probes_;
    S largestInput_; ///< |x| of no input of a mini-batch exceeds it

    std::int64_t step_ = 0;
    StepTeam* team_ = nullptr;
    Vector<S> start_;                        ///< theta at step 0, or at the last change of coordinates
    Vector<S> rawGradient_, update_;         ///< of the last measured step
    Matrix<S> dz_;                           ///< dL/dlogits of the batch; columns for the largest one
    std::vector<StateTensor<S>> statistics_; ///< the network's stored ones, views
    Vector<S> keptStatistics_;               ///< their values before the step
};

} // namespace kappascope
