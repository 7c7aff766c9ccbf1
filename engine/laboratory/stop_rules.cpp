// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/stop_rules.h"

#include "engine/laboratory/number_text.h"

#include <cmath>

namespace kappascope {

std::int64_t firstStepAtEpoch(const BatchPlan& plan, double epochs) {
    constexpr double rounding = 1e-9; // of epochs that are sums of fractions
    const auto done = [&](std::int64_t step) { return plan.epochAt(step) >= epochs - rounding; };
    std::int64_t low = 0, high = 1;
    while (!done(high)) {
        low = high;
        high *= 2;
    }
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        if (done(middle))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

StopRules::StopRules(const StopSpec& given, const BatchPlan& plan) : spec(given), lastStep(given.steps) {
    if (spec.epochs <= 0) return;
    const std::int64_t byEpochs = firstStepAtEpoch(plan, spec.epochs);
    lastStep = lastStep == 0 ? byEpochs : std::min(lastStep, byEpochs);
}

void StopTracker::seeStep(double loss) {
    if (steps_++ == 0) firstLoss_ = loss;
}

void StopTracker::seeTrainLoss(std::int64_t step, double loss) {
    trainStep_ = step;
    trainLoss_ = loss;
    train_.see(step, loss);
}

void StopTracker::seeTestLoss(std::int64_t step, double loss) {
    test_.see(step, loss);
}

StopTracker::Numbers StopTracker::numbers() const {
    const auto number = [](std::int64_t count) { return static_cast<double>(count); };
    return {firstLoss_,
            number(steps_),
            number(trainStep_),
            trainLoss_,
            number(train_.measured),
            number(train_.sinceMinimum),
            number(train_.minimumStep),
            train_.minimum,
            number(test_.measured),
            number(test_.sinceMinimum),
            number(test_.minimumStep),
            test_.minimum};
}

void StopTracker::setNumbers(const Numbers& numbers) {
    const auto count = [&numbers](std::size_t i) { return static_cast<std::int64_t>(numbers[i]); };
    firstLoss_ = numbers[0];
    steps_ = count(1);
    trainStep_ = count(2);
    trainLoss_ = numbers[3];
    train_ = {count(4), count(5), count(6), numbers[7]};
    test_ = {count(8), count(9), count(10), numbers[11]};
}

void StopTracker::Watched::see(std::int64_t step, double loss) {
    if (measured++ == 0 || std::isnan(minimum) || loss < minimum) {
        minimum = loss;
        minimumStep = step;
        sinceMinimum = 0;
    } else {
        ++sinceMinimum;
    }
}

bool StopTracker::hasDiverged(double loss, const StopSpec& spec) const {
    if (!std::isfinite(loss)) return true;
    return spec.divergenceFactor > 0 && steps_ > 0 && firstLoss_ > 0 &&
           loss > spec.divergenceFactor * firstLoss_;
}

std::string StopTracker::reasonToStop(const StopRules& rules, std::int64_t stepsDone) const {
    const StopSpec& spec = rules.spec;
    if (rules.lastStep > 0 && stepsDone >= rules.lastStep) {
        const bool bySteps = rules.lastStep == spec.steps;
        return bySteps ? "Reached the limit of " + groupedText(spec.steps) + " steps."
                       : "Reached the limit of " + numberText(spec.epochs) + " epochs.";
    }
    if (spec.targetLoss > 0 && trainStep_ >= 0 && trainLoss_ <= spec.targetLoss)
        return "Reached the target: the training loss was " + numberText(trainLoss_) + " at step " +
               groupedText(trainStep_) + ", not above " + numberText(spec.targetLoss) + '.';
    const bool tested = test_.measured > 0;
    const Watched& watched = tested ? test_ : train_;
    if (spec.patience > 0 && watched.sinceMinimum >= spec.patience)
        return std::string("Out of patience: no ") + (tested ? "test" : "training") + " loss below " +
               numberText(watched.minimum) + " (step " + groupedText(watched.minimumStep) + ") in " +
               groupedText(watched.sinceMinimum) + " measurements in a row.";
    return {};
}

} // namespace kappascope
