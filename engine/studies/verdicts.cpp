// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/studies/verdicts.h"

#include "engine/laboratory/number_text.h"
#include "engine/studies/study_text.h"

#include <cmath>

namespace kappascope {

namespace {

/// "BNP 97.80 ± 0.10 %, plain 97.40 ± 0.12 %: +0.40 points (+0.21 to +0.59)".
std::string accuracyWords(const TunedMethod& a, const TunedMethod& b, const Interval& difference) {
    return a.name + ' ' + percentText(spreadOf(a.finalAccuracies())) + " %, " + b.name + ' ' +
           percentText(spreadOf(b.finalAccuracies())) + " %: " + pointsText(difference);
}

Interval accuracyDifference(const TunedMethod& a, const TunedMethod& b) {
    return pairedDifference(a.finalAccuracies(), b.finalAccuracies());
}

} // namespace

Finding notWorse(const TunedComparison& comparison, const std::string& a, const std::string& b,
                 const std::string& setting) {
    const TunedMethod &first = comparison.method(a), &second = comparison.method(b);
    const Interval difference = accuracyDifference(first, second);
    return {setting + ": " + a + " reads as many test images right as " + b + ", to within " +
                numberText(100 * comparableShare) + " points",
            difference.middle >= -comparableShare, accuracyWords(first, second, difference)};
}

Finding better(const TunedComparison& comparison, const std::string& a, const std::string& b,
               const std::string& setting) {
    const TunedMethod &first = comparison.method(a), &second = comparison.method(b);
    const Interval difference = accuracyDifference(first, second);
    return {setting + ": " + a + " reads more test images right than " + b, difference.low() > 0,
            accuracyWords(first, second, difference)};
}

Finding fitsBetter(const TunedComparison& comparison, const std::string& a, const std::string& b,
                   const std::string& setting) {
    const TunedMethod &first = comparison.method(a), &second = comparison.method(b);
    const auto logarithms = [](std::vector<double> losses) {
        for (double& loss : losses)
            loss = std::log(loss);
        return losses;
    };
    const Interval ratio =
        pairedDifference(logarithms(first.finalLosses()), logarithms(second.finalLosses()));
    return {setting + ": " + a + " ends at a lower training loss than " + b, ratio.high() < 0,
            a + ' ' + spreadText(spreadOf(first.finalLosses())) + ", " + b + ' ' +
                spreadText(spreadOf(second.finalLosses())) + ": " + numberText(std::exp(ratio.middle)) +
                " times (" + numberText(std::exp(ratio.low())) + " to " + numberText(std::exp(ratio.high())) +
                ")"};
}

} // namespace kappascope
