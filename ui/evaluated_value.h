// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/probes/probe.h"

#include <optional>
#include <string>

namespace kappascope {
class History;
struct RunStatus;
} // namespace kappascope

namespace kappascope::ui {

/// What `evaluation` has found for `metric`, a key in the probe catalog; none where it does not tell.
std::optional<double> evaluatedValue(const Evaluation& evaluation, const std::string& metric);
/// The same for the run's network as it stands, where that has been evaluated; its history learns it with the
/// next step, if at all.
std::optional<double> evaluatedValue(const RunStatus* status, const std::string& metric);

/// The newest value of `metric`, of the whole network, and the step that it is of; -1 and NaN: none.
struct NewestValue {
    double value;
    std::int64_t step;
};
NewestValue newestValue(const History* history, const RunStatus* status, const std::string& metric);

} // namespace kappascope::ui
