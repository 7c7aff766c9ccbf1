// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/trainer.h"

#include "engine/normalization/stack.h"

#include <stdexcept>

namespace kappascope {

template<class S>
Trainer<S>::Trainer(std::unique_ptr<Network<S>> network, std::shared_ptr<const Loss<S>> loss,
                    std::shared_ptr<const TrainingData<S>> data, BatchPlan plan, TrainerMethods<S> methods)
    : network_(std::move(network)), loss_(std::move(loss)), data_(std::move(data)), plan_(std::move(plan)),
      feed_(data_), methods_(std::move(methods)), evaluator_(*network_, *methods_.normalization),
      probes_(probeCatalog()), largestInput_(static_cast<S>(data_->train.x.largest())) {
    adoptNetwork();
    reserve();
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
    if (network_->skipsZeros()) nonzeroInputs_.reserve(network_->inputs());
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
