// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/evaluated_value.h"

#include "ui/session.h"

#include <array>
#include <limits>
#include <utility>

namespace kappascope::ui {

std::optional<double> evaluatedValue(const Evaluation& evaluation, const std::string& metric) {
    static constexpr std::array<std::pair<const char*, double Evaluation::*>, 4> values{{
        {"train_loss_full", &Evaluation::trainLoss},
        {"train_accuracy", &Evaluation::trainAccuracy},
        {"test_loss", &Evaluation::testLoss},
        {"test_accuracy", &Evaluation::testAccuracy},
    }};
    for (const auto& [key, value] : values)
        if (metric == key) return evaluation.*value;
    return std::nullopt;
}

std::optional<double> evaluatedValue(const RunStatus* status, const std::string& metric) {
    if (!status || !status->evaluation) return std::nullopt;
    return evaluatedValue(*status->evaluation, metric);
}

NewestValue newestValue(const History* history, const RunStatus* status, const std::string& metric) {
    if (const auto now = evaluatedValue(status, metric)) return {*now, status->step};
    if (!history) return {std::numeric_limits<double>::quiet_NaN(), -1};
    return {history->lastValue({metric}), history->lastStep({metric})};
}

} // namespace kappascope::ui
