// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_theory.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

/// max |1 - eta lambda|: the direction that shrinks least.
double slowest(const SpectrumSummary& summary, double eta) {
    const double largest = summary.lambdaMax.value, smallest = largest / summary.kappaTau.value;
    return std::max(std::abs(1 - eta * largest), std::abs(1 - eta * smallest));
}

} // namespace

std::string whyNotPlainDescent(const UpdateState& update, Index parameters, std::int64_t step) {
    if (!update.optimizer(parameters)->followsGradient())
        return "the optimizer is not plain gradient descent";
    if (!update.plan.fullBatchAt(step)) return "steps follow mini-batches: their gradients are noisy";
    return {};
}

std::string whyNoMinimum(const SpectrumSummary& preconditioned) {
    if (preconditioned.negative > 0)
        return "there are directions of negative curvature: the loss is far from a quadratic with a minimum";
    return preconditioned.kappaTau.usable() ? std::string() : preconditioned.kappaTau.why;
}

RateTheory rateTheory(const SpectrumSummary& preconditioned, double learningRate, double loss,
                      const Reading& decrease) {
    if (decrease.usable() && decrease.value > loss)
        return noRateTheory(
            "the minimum of the quadratic model lies below a loss of zero: the minimum is not near");
    return {predictedRate(preconditioned.kappaTau), Reading::computed(slowest(preconditioned, learningRate))};
}

RateTheory noRateTheory(const std::string& why) {
    return {Reading::notDefined(why), Reading::notDefined(why)};
}

} // namespace kappascope
