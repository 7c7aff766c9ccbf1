// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/fitting_loss.h"

#include "engine/core/error.h"

#include <algorithm>

namespace kappascope::ui {

bool lossFits(const LossEntry& loss, const Dataset& data) {
    try {
        return loss.makeDouble(Parameters(loss))->outputs(data) > 0;
    } catch (const InputError&) {
        return false;
    }
}

Experiment withFittingLoss(Experiment experiment, const Dataset& like) {
    const auto& losses = lossCatalog().entries();
    const LossEntry* present = lossCatalog().find(experiment.loss.method);
    if (present && lossFits(*present, like)) return experiment;
    const auto fitting =
        std::ranges::find_if(losses, [&](const LossEntry& loss) { return lossFits(loss, like); });
    if (fitting != losses.end()) experiment.loss = {fitting->key, Parameters(*fitting)};
    return experiment;
}

} // namespace kappascope::ui
