// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/evaluator.h"

#include <algorithm>
#include <limits>

namespace kappascope {

namespace {

template<class S>
Index countCorrect(const Loss<S>& loss, ConstMatrixRef<S> z, const Dataset& data, Index first) {
    if (data.task != Task::Classification) return 0;
    Index correct = 0;
    for (Index n = 0; n < z.cols(); ++n)
        correct +=
            loss.predictedClass(z.col(n), data.task) == data.labels[static_cast<std::size_t>(first + n)];
    return correct;
}

} // namespace

template<class S>
Evaluator<S>::Evaluator(const Network<S>& network, const Normalization<S>& normalization)
    : x_(network.inputs(), evaluationChunk(network)) {
    if (normalization.evaluatesWithTrainingSet()) trainingSet_.emplace(network, chunk());
    begin();
}

template<class S>
void Evaluator<S>::begin() {
    refreshed_ = !trainingSet_;
    layer_ = 0;
    if (trainingSet_) trainingSet_->begin();
    train_ = test_ = {};
}

template<class S>
bool Evaluator<S>::proceedWithStatistics(Network<S>& network, const TrainingData<S>& data) {
    if (!refreshed_) refreshed_ = setSomeTrainingSetStatistics(network, data.train.x, *trainingSet_, layer_);
    return refreshed_;
}

template<class S>
void Evaluator<S>::refreshStatistics(Network<S>& network, const TrainingData<S>& data) {
    while (!proceedWithStatistics(network, data))
        continue;
}

template<class S>
bool Evaluator<S>::proceed(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data) {
    task_ = data.train.task;
    if (!refreshed_) {
        proceedWithStatistics(network, data);
        return false;
    }
    if (train_.samples < data.train.samples()) {
        proceed(train_, network, loss, data.train, data.trainTargets);
        return train_.samples == data.train.samples() && data.test.samples() == 0;
    }
    return proceed(test_, network, loss, data.test, data.testTargets);
}

/// Scores the next chunk of a set; true when none is left.
template<class S>
bool Evaluator<S>::proceed(Score& score, Network<S>& network, const Loss<S>& loss, const Dataset& data,
                           const Targets<S>& targets) {
    if (score.samples == data.samples()) return true;
    MatrixRef<S> x = x_.leftCols(std::min(chunk(), data.samples() - score.samples));
    data.x.copy<S>(score.samples, x);
    const MatrixRef<S> z = network.forward(x, Mode::Evaluation);
    score.sum += loss.sum(z, targets, score.samples);
    score.correct += countCorrect<S>(loss, z, data, score.samples);
    score.samples += x.cols();
    return score.samples == data.samples();
}

template<class S>
typename Evaluator<S>::Mean Evaluator<S>::mean(const Score& score) const {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    if (score.samples == 0) return {nothing, nothing};
    const auto samples = static_cast<double>(score.samples);
    return {score.sum / samples,
            task_ == Task::Classification ? static_cast<double>(score.correct) / samples : nothing};
}

template<class S>
Evaluation Evaluator<S>::evaluation() const {
    const Mean train = mean(train_), test = mean(test_);
    return {train.loss, train.accuracy, test.loss, test.accuracy};
}

template<class S>
double Evaluator<S>::share(const TrainingData<S>& data) const {
    return static_cast<double>(train_.samples + test_.samples) /
           static_cast<double>(data.train.samples() + data.test.samples());
}

template<class S>
Evaluation Evaluator<S>::evaluate(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data) {
    begin();
    while (!proceed(network, loss, data))
        continue;
    return evaluation();
}

template class Evaluator<float>;
template class Evaluator<double>;

} // namespace kappascope
