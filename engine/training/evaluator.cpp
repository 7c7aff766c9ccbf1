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
}

template<class S>
void Evaluator<S>::refreshStatistics(Network<S>& network, const TrainingData<S>& data) {
    if (trainingSet_) setTrainingSetStatistics(network, data.train.x, *trainingSet_);
}

template<class S>
typename Evaluator<S>::Score Evaluator<S>::score(Network<S>& network, const Loss<S>& loss,
                                                 const Dataset& data, const Targets<S>& targets) {
    constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
    if (data.samples() == 0) return {nothing, nothing};
    double sum = 0;
    Index correct = 0;
    for (Index first = 0; first < data.samples(); first += chunk()) {
        MatrixRef<S> x = x_.leftCols(std::min(chunk(), data.samples() - first));
        data.x.copy<S>(first, x);
        const MatrixRef<S> z = network.forward(x, Mode::Evaluation);
        sum += loss.sum(z, targets, first);
        correct += countCorrect<S>(loss, z, data, first);
    }
    const auto samples = static_cast<double>(data.samples());
    return {sum / samples,
            data.task == Task::Classification ? static_cast<double>(correct) / samples : nothing};
}

template<class S>
Evaluation Evaluator<S>::evaluate(Network<S>& network, const Loss<S>& loss, const TrainingData<S>& data) {
    refreshStatistics(network, data);
    const Score train = score(network, loss, data.train, data.trainTargets);
    const Score test = score(network, loss, data.test, data.testTargets);
    return {train.loss, train.accuracy, test.loss, test.accuracy};
}

template class Evaluator<float>;
template class Evaluator<double>;

} // namespace kappascope
