// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/divergence_report.h"

#include "engine/laboratory/number_text.h"

#include <cmath>

namespace kappascope {

void DivergenceReport::record(const SeriesKey& key, std::int64_t, double value) {
    if (key.layer != SeriesKey::wholeNetwork) return;
    if (key.metric == "train_loss") loss_ = value;
    if (key.metric == "gradient_norm") gradientNorm_ = value;
    if (key.metric == "update_size") updateSize_ = value;
    heard_ = true;
}

std::string DivergenceReport::text(const Failure& failure) const {
    std::string text = "Diverged at step " + std::to_string(failure.step) + ": the mini-batch loss was ";
    text += std::isfinite(failure.loss)
                ? numberText(failure.loss) + ", more than " + numberText(failure.divergenceFactor) +
                      " times the first one, " + numberText(failure.firstLoss)
                : std::string("not finite, or its gradient was not");
    text += ". ";
    if (heard_)
        text += "One step before, the loss was " + numberText(loss_) + ", the gradient's norm " +
                numberText(gradientNorm_) + ", and at learning rate " + numberText(failure.learningRate) +
                " the parameters moved by " + numberText(updateSize_) + ". ";
    text += "The run stands where it was before step " + std::to_string(failure.standsAt) + ". ";
    return text + "Try half the learning rate (" + numberText(failure.learningRate * advisedPartOfRate) +
           "): the run goes on from there with it.";
}

} // namespace kappascope
