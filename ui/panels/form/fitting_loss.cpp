// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/form/fitting_loss.h"

#include "engine/core/error.h"

namespace kappascope::ui {

bool lossFits(const LossEntry& loss, const Dataset& data) {
    try {
        return loss.makeDouble(Parameters(loss))->outputs(data) > 0;
    } catch (const InputError&) {
        return false;
    }
}

} // namespace kappascope::ui
