// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trainer.h"

#include "engine/normalization/stack.h"

#include <cmath>
#include <limits>
#include <stdexcept>

namespace kappascope {

template<class S>
Trainer<S>::Trainer(std::unique_ptr<Network<S>> network, std::shared_ptr<const Loss<S>> loss,
                    std::shared_ptr<const TrainingData<S>> data, BatchPlan plan, TrainerMethods<S> methods)
    : network_(std::move(network)), loss_(std::move(loss)), data_(std::move(data)), plan_(std::move(plan)),
      feed_(data_), methods_(std::move(methods)), evaluator_(*network_, *methods_.normalization),
      probes_(probeCatalog()) {
    adoptNetwork();
    reserve();
}

template<class S>
double Trainer<S>::step(ProbeSink& sink, const MeasureCadence& cadence) {
    const bool measured = cadence.normsDue(step_);
    std::optional<Evaluation> evaluation;
    if (evaluates(cadence)) evaluation = restOfEvaluation();
    evaluating_ = false; // from here on the network changes
    keepStatistics();

    // Forward: the loss of this step's mini-batch.
    const std::span<const int> samples = plan_.indices(step_);
    StepTeam* const team = shareWork(static_cast<Index>(samples.size()));
    const MatrixRef<S> x = feed_.inputs(step_, samples, team);
    MatrixRef<S> dz = dz_.leftCols(x.cols());
    const MatrixRef<S> z = network_->forward(x, Mode::Training);
    const double loss = lossGradient(z, samples, dz, team);
    if (!std::isfinite(loss)) return refuse(loss);

    // Backward, P P^T, and the optimizer.
    const double rate = methods_.learningRate(step_);
    const bool atOnce = !preconditioners_.any() && !descends(rate);
    if (atOnce)
        network_->differentiate(x, dz);
    else
        network_->propagate(x, dz);
    preconditioners_.observe(*network_, x, team);
    if (measured) {
        if (!atOnce) network_->setWeightGradients(x);
        rawGradient_ = network_->gradient();
    }
    if (!penaltyFirst()) preconditioners_.transformOthers(*network_, x.cols());
    if (!(descend(x, rate, measured, team) || followGradient(x, rate, measured, atOnce || measured, team)))
        return refuse(std::numeric_limits<double>::infinity());

    const Vector<S> none;
    probes_.record(Observation<S>{step_, *network_, x, network_->theta(), measured ? rawGradient_ : none,
                                  measured ? update_ : none, start_, loss, rate, evaluation},
                   measured, sink);
    ++step_;
    return loss;
}

/// The loss and its gradient; meanwhile the other threads prepare the way back.
template<class S>
double Trainer<S>::lossGradient(ConstMatrixRef<S> z, std::span<const int> samples, MatrixRef<S> dz,
                                StepTeam* team) {
    double loss = 0;
    const auto prepare = [&](std::size_t d) { network_->prepareToPropagate(d, z.cols()); };
    const auto measure = [&] { loss = loss_->gradient(z, data_->trainTargets, samples, dz); };
    const std::size_t layers = network_->weighted().size();
    if (team) {
        team->run(1 + static_cast<int>(layers), [&](int part) {
            if (part == 0)
                measure();
            else
                prepare(static_cast<std::size_t>(part - 1));
        });
    } else {
        for (std::size_t d = 0; d < layers; ++d)
            prepare(d);
        measure();
    }
    return loss;
}

/// Whether to go the short way, where the optimizer follows the gradient and writing that would take longer
/// than to do without. Also where the step is measured: it is the same whether somebody looks or not.
template<class S>
bool Trainer<S>::descends(double rate) const {
    constexpr Index many = 1 << 14; // parameters
    return rate != 0 && network_->theta().size() >= many && methods_.l2 == 0 &&
           methods_.optimizer->followsGradient();
}

/// The short way. False when it is not to be gone or the gradient may not be finite; then nothing has
/// changed.
template<class S>
bool Trainer<S>::descend(ConstMatrixRef<S> x, double rate, bool measured, StepTeam* team) {
    if (!descends(rate)) return false;
    const auto factors = preconditioners_.factors(*network_, x, team);
    if (!(network_->gradientBound(x, factors) < std::numeric_limits<S>::max() / 2)) return false;
    if (measured) update_ = -network_->theta();
    network_->descend(x, static_cast<S>(rate), factors);
    if (measured) update_ += network_->theta();
    return true;
}

/// The general way: sets the gradient with P P^T applied to that of every layer with weights, and lets the
/// optimizer make its step. `set`: the network's gradient is there already, without P P^T. False when the
/// gradient is not finite; then nothing has changed.
template<class S>
bool Trainer<S>::followGradient(ConstMatrixRef<S> x, double rate, bool measured, bool set, StepTeam* team) {
    if (penaltyFirst()) {
        if (!set) network_->setWeightGradients(x);
        addPenalty();
        preconditioners_.transform(*network_, x.cols());
    } else {
        const auto factors = preconditioners_.factors(*network_, x, team);
        if (!(set && factors.empty())) network_->setWeightGradients(x, factors);
        addPenalty();
    }
    // The squared norm overflows long before parameters that move by such a gradient would.
    if (!std::isfinite(network_->gradient().squaredNorm())) return false;

    if (measured) update_ = -network_->theta();
    methods_.optimizer->step(network_->theta(), network_->gradient(), rate);
    if (measured) update_ += network_->theta();
    return true;
}

/// grad l2/2 |W|^2 = l2 W.
template<class S>
void Trainer<S>::addPenalty() {
    if (methods_.l2 == 0) return;
    for (WeightedLayer<S>* layer : network_->weighted())
        layer->weightGradient() += static_cast<S>(methods_.l2) * layer->weight();
}

template<class S>
void Trainer<S>::keepStatistics() {
    Index offset = 0;
    for (const auto& tensor : statistics_) {
        keptStatistics_.segment(offset, tensor.values.size()) = tensor.values;
        offset += tensor.values.size();
    }
}

/// Ends a step that has diverged: a forward pass in training mode has moved the running statistics.
template<class S>
double Trainer<S>::refuse(double loss) {
    Index offset = 0;
    for (auto& tensor : statistics_) {
        tensor.values = keptStatistics_.segment(offset, tensor.values.size());
        offset += tensor.values.size();
    }
    return loss;
}

template<class S>
bool Trainer<S>::sharesSteps(Index samples) const {
    constexpr Index enough = 1 << 20; // multiply-adds of a forward pass
    constexpr Index fewest = 16;
    return samples >= fewest && samples * network_->multiplications() >= enough;
}

template<class S>
void Trainer<S>::setTeam(StepTeam* team) {
    team_ = team;
    network_->setTeam(team); // instead of the one of before, which may be gone; takes room for its parts
}

/// The team, or null, for passes of so many samples.
template<class S>
StepTeam* Trainer<S>::shareWork(Index samples) {
    StepTeam* const team = sharesSteps(samples) ? team_ : nullptr;
    network_->setTeam(team);
    return team;
}

template<class S>
void Trainer<S>::beginEvaluation() {
    shareWork(evaluator_.chunk());
    if (!evaluating_) evaluator_.begin();
    evaluating_ = true;
}

template<class S>
Evaluation Trainer<S>::evaluate() {
    evaluating_ = false;
    return restOfEvaluation();
}

template<class S>
Evaluation Trainer<S>::restOfEvaluation() {
    beginEvaluation();
    while (!evaluator_.proceed(*network_, *loss_, *data_))
        continue;
    return evaluator_.evaluation();
}

template<class S>
bool Trainer<S>::evaluateAhead(const MeasureCadence& cadence,
                               std::chrono::steady_clock::time_point deadline) {
    if (!evaluates(cadence)) return true;
    beginEvaluation();
    while (!evaluator_.proceed(*network_, *loss_, *data_))
        if (std::chrono::steady_clock::now() >= deadline) return false;
    return true;
}

template<class S>
std::optional<Evaluation> Trainer<S>::evaluated() const {
    if (evaluatedShare() < 1) return std::nullopt;
    return evaluator_.evaluation();
}

template<class S>
Index Trainer<S>::evaluationCost() const {
    return (data_->train.samples() + data_->test.samples()) * network_->multiplications();
}

template<class S>
void Trainer<S>::refreshStatistics() {
    beginEvaluation();
    evaluator_.refreshStatistics(*network_, *data_);
}

template<class S>
void Trainer<S>::changeBatchSize(std::int64_t step, int batchSize) {
    plan_.changeBatchSize(step, batchSize);
    reserve();
}

/// Starts methods and workspaces anew for a network that has just arrived.
template<class S>
void Trainer<S>::adoptNetwork() {
    evaluating_ = false;
    start_ = network_->theta();
    rawGradient_.setZero(start_.size());
    update_.setZero(start_.size());
    methods_.optimizer->bind(start_.size());
    preconditioners_.bind(*methods_.preconditioning, *network_);

    Index size = 0;
    statistics_.clear();
    for (const auto& [name, buffer] : network_->buffers()) {
        statistics_.push_back({name, {buffer.data, buffer.shape.size()}});
        size += buffer.shape.size();
    }
    keptStatistics_.setZero(size);
}

/// Sizes the workspaces for the largest batch of the plan and the chunks of evaluation.
template<class S>
void Trainer<S>::reserve() {
    const Index columns = plan_.largestBatch();
    network_->reserve(std::max(columns, evaluator_.chunk()));
    preconditioners_.reserve(*network_, columns);
    feed_.follow(plan_);
    if (dz_.cols() != columns) dz_.resize(network_->outputs(), columns);
}

template<class S>
void Trainer<S>::setNormalization(std::shared_ptr<const Normalization<S>> normalization) {
    network_ = convertNormalization(*network_, *normalization, data_->train.x);
    methods_.normalization = std::move(normalization);
    evaluator_ = Evaluator<S>(*network_, *methods_.normalization);
    adoptNetwork();
    reserve();
}

template<class S>
void Trainer<S>::setPreconditioning(std::shared_ptr<const Preconditioning<S>> preconditioning) {
    methods_.preconditioning = std::move(preconditioning);
    preconditioners_.bind(*methods_.preconditioning, *network_);
}

template<class S>
void Trainer<S>::setOptimizer(std::unique_ptr<Optimizer<S>> optimizer) {
    methods_.optimizer = std::move(optimizer);
    methods_.optimizer->bind(network_->theta().size());
}

template<class S>
void Trainer<S>::setLearningRate(std::function<double(std::int64_t)> learningRate) {
    methods_.learningRate = std::move(learningRate);
}

template<class S>
void Trainer<S>::setL2(double l2, bool beforePreconditioner) {
    methods_.l2 = l2;
    methods_.l2BeforePreconditioner = beforePreconditioner;
}

/// Views of all state besides theta, under the names of TrainerState.
template<class S>
std::vector<StateTensor<S>> Trainer<S>::tensors() const {
    std::vector<StateTensor<S>> all;
    const auto append = [&all](const char* owner, const std::vector<StateTensor<S>>& tensors) {
        for (const auto& tensor : tensors)
            all.push_back({owner + tensor.name, tensor.values});
    };
    append("network.", statistics_);
    append("preconditioner.", preconditioners_.state());
    append("optimizer.", methods_.optimizer->state());
    return all;
}

template<class S>
TrainerState<S> Trainer<S>::state() const {
    TrainerState<S> state{step_, network_->theta(), start_, {}};
    for (const auto& tensor : tensors())
        state.tensors.emplace_back(tensor.name, tensor.values);
    return state;
}

template<class S>
void Trainer<S>::restore(const TrainerState<S>& state) {
    std::vector<StateTensor<S>> own = tensors();
    bool fits = own.size() == state.tensors.size() && state.theta.size() == network_->theta().size() &&
                state.start.size() == start_.size();
    for (std::size_t i = 0; fits && i < own.size(); ++i)
        fits =
            own[i].name == state.tensors[i].first && own[i].values.size() == state.tensors[i].second.size();
    if (!fits) throw std::logic_error("the state is that of a trainer built otherwise");

    evaluating_ = false;
    step_ = state.step;
    network_->theta() = state.theta;
    start_ = state.start;
    for (std::size_t i = 0; i < own.size(); ++i)
        own[i].values = state.tensors[i].second;
}

template class Trainer<float>;
template class Trainer<double>;

} // namespace kappascope
