// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_comparison.h"

#include "engine/curvature/decay_rate.h"
#include "engine/laboratory/update_state.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace kappascope {

namespace {

/// Why gradient descent on a quadratic is not what happens; empty when it may be.
std::string whyNot(const CurvatureReading& reading) {
    const BlockReading* whole = reading.block(BlockReading::wholeNetwork);
    if (!whole || !reading.snapshot || !reading.snapshot->update) return "the whole network was not measured";
    if (!whole->raw.exact) return "the network is too large for all its eigenvalues";
    if (!reading.whyNotPreconditioned.empty()) return reading.whyNotPreconditioned;
    const UpdateState& update = *reading.snapshot->update;
    if (!update.optimizer(reading.snapshot->network->theta().size())->followsGradient())
        return "the optimizer is not plain gradient descent";
    if (!update.plan.fullBatchAt(reading.snapshot->step))
        return "steps follow mini-batches: their gradients are noisy";
    const SpectrumSummary& summary = whole->preconditioned.summary;
    if (summary.negative > 0)
        return "there are directions of negative curvature: the loss is far from a quadratic with a minimum";
    if (!summary.kappaTau.usable()) return summary.kappaTau.why;
    if (reading.modelDecrease.usable() && reading.modelDecrease.value > reading.loss)
        return "the minimum of the quadratic model lies below a loss of zero: the minimum is not near";
    return {};
}

/// max |1 - eta lambda|: the direction that shrinks least.
double slowest(const SpectrumSummary& summary, double eta) {
    const double largest = summary.lambdaMax.value, smallest = largest / summary.kappaTau.value;
    return std::max(std::abs(1 - eta * largest), std::abs(1 - eta * smallest));
}

Reading measuredRate(double minimum, std::span<const std::int64_t> steps, std::span<const double> losses) {
    const std::size_t count = std::min({recentLosses, losses.size(), steps.size()});
    const auto recentSteps = steps.last(count);
    std::vector<double> distances(losses.end() - static_cast<std::ptrdiff_t>(count), losses.end());
    for (double& loss : distances)
        loss -= minimum;
    return decayRate(recentSteps, distances);
}

} // namespace

RateComparison compareRates(const CurvatureReading& reading, std::span<const std::int64_t> steps,
                            std::span<const double> losses) {
    RateComparison rates;
    const bool hasModel = reading.modelDecrease.usable() && reading.modelDecrease.value <= reading.loss;
    rates.measured = measuredRate(hasModel ? reading.loss - reading.modelDecrease.value : 0, steps, losses);
    if (const std::string why = whyNot(reading); !why.empty()) {
        rates.atBestStep = rates.predicted = Reading::notDefined(why);
        return rates;
    }
    const SpectrumSummary& summary = reading.block(BlockReading::wholeNetwork)->preconditioned.summary;
    rates.atBestStep = predictedRate(summary.kappaTau);
    rates.predicted = Reading::computed(slowest(summary, reading.learningRate));
    return rates;
}

} // namespace kappascope
