// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/rate_theory.h"

#include <algorithm>
#include <cmath>

namespace kappascope {

namespace {

/// Along the direction that shrinks least: one of the two at the ends, since contraction() falls to a minimum
/// and rises from there.
double slowestRate(const SpectrumSummary& summary, const LinearUpdate& update, double eta) {
    const double largest = summary.lambdaMax.value, smallest = largest / summary.kappaTau.value;
    return std::max(contraction(update, eta * largest), contraction(update, eta * smallest));
}

/// The larger |z| of z^2 - p z + q = 0.
double largestRoot(double p, double q) {
    const double discriminant = p * p - 4 * q;
    if (discriminant < 0) return std::sqrt(q); // a pair, conjugate
    return (std::abs(p) + std::sqrt(discriminant)) / 2;
}

} // namespace

std::optional<LinearUpdate> linearUpdate(const UpdateState& update, Index parameters, std::int64_t step,
                                         std::string& why) {
    const MethodSpec& method = update.settings.optimizer;
    LinearUpdate linear;
    if (method.method == "momentum")
        linear = {LinearUpdate::Kind::HeavyBall, method.parameters.real("momentum")};
    else if (method.method == "nesterov")
        linear = {LinearUpdate::Kind::Nesterov, method.parameters.real("momentum")};
    else if (!update.optimizer(parameters)->followsGradient()) {
        why = "the optimizer adapts its steps: they are not gradient descent, plain or with momentum";
        return std::nullopt;
    }
    if (!update.plan.fullBatchAt(step)) {
        why = "steps follow mini-batches: their gradients are noisy";
        return std::nullopt;
    }
    return linear;
}

double contraction(const LinearUpdate& update, double x) {
    switch (update.kind) {
    case LinearUpdate::Kind::HeavyBall:
        return largestRoot(1 + update.beta - x, update.beta);
    case LinearUpdate::Kind::Nesterov:
        return largestRoot((1 + update.beta) * (1 - x), update.beta * (1 - x));
    case LinearUpdate::Kind::Plain:
        break;
    }
    return std::abs(1 - x);
}

std::string whyNoMinimum(const SpectrumSummary& preconditioned) {
    if (preconditioned.negative > 0)
        return "there are directions of negative curvature: the loss is far from a quadratic with a minimum";
    return preconditioned.kappaTau.usable() ? std::string() : preconditioned.kappaTau.why;
}

RateTheory rateTheory(const SpectrumSummary& preconditioned, const LinearUpdate& update, double learningRate,
                      double loss, const Reading& decrease) {
    constexpr double rounding = 1e-6; // of two sums of which the one may equal the other
    if (decrease.usable() && decrease.value > loss * (1 + rounding))
        return noRateTheory(
            "the minimum of the quadratic model lies below a loss of zero: the minimum is not near");
    return {update.kind == LinearUpdate::Kind::Plain
                ? predictedRate(preconditioned.kappaTau)
                : Reading::notDefined("of plain gradient descent alone: this run has momentum"),
            Reading::computed(slowestRate(preconditioned, update, learningRate))};
}

RateTheory noRateTheory(const std::string& why) {
    return {Reading::notDefined(why), Reading::notDefined(why)};
}

} // namespace kappascope
