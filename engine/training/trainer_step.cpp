// SPDX-License-Identifier: GPL-3.0-or-later
// One step of a Trainer, and how threads share it.
#include "engine/training/trainer.h"

#include <cmath>
#include <limits>

namespace kappascope {

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
    const MatrixRef<S> x =
        feed_.inputs(step_, samples, team, network_->sharesInputs(static_cast<Index>(samples.size())));
    MatrixRef<S> dz = dz_.leftCols(x.cols());
    const auto* nonzero = network_->skipsZeros() ? nonzeroInputs_.find(x, team) : nullptr;
    const MatrixRef<S> z = network_->forward(x, Mode::Training, nonzero);
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
    if (!(descend(x, nonzero, rate, measured, team) ||
          followGradient(x, rate, measured, atOnce || measured, team)))
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
    const auto measure = [&] { loss = loss_->gradient(z, data_->trainTargets, samples, dz); };
    const auto layers = static_cast<int>(network_->weighted().size());
    const int parts = team ? team->size() : 1; // of each layer: whoever does not measure does more of them
    const auto prepare = [&](int part) {
        network_->prepareToPropagate(static_cast<std::size_t>(part / parts), z.cols(), part % parts, parts);
    };
    if (team) {
        team->run(1 + layers * parts, [&](int part) {
            if (part == 0)
                measure();
            else
                prepare(part - 1);
        });
    } else {
        for (int d = 0; d < layers; ++d)
            network_->prepareToPropagate(static_cast<std::size_t>(d), z.cols());
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
bool Trainer<S>::descend(ConstMatrixRef<S> x, typename Network<S>::Nonzero nonzero, double rate,
                         bool measured, StepTeam* team) {
    if (!descends(rate)) return false;
    const auto factors = preconditioners_.factors(*network_, x, team);
    if (!(network_->gradientBound(x, largestInput_, factors) < std::numeric_limits<S>::max() / 2))
        return false;
    if (measured) update_ = -network_->theta();
    network_->descend(x, static_cast<S>(rate), factors, nonzero);
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

// The others are made where these need them.
#define INSTANTIATE(S)                                                                                       \
    template double Trainer<S>::step(ProbeSink&, const MeasureCadence&);                                     \
    template bool Trainer<S>::sharesSteps(Index) const;                                                      \
    template void Trainer<S>::setTeam(StepTeam*);                                                            \
    template StepTeam* Trainer<S>::shareWork(Index);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

} // namespace kappascope
