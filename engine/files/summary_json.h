// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/laboratory.h"

#include <map>
#include <string>
#include <vector>

namespace kappascope {

/// What came of one run.
struct RunSummary {
    std::string name;
    std::string ended; ///< "finished", "stopped" (by the user), "diverged"
    std::string why;
    std::int64_t steps = 0;
    double seconds = 0; ///< of computing, this run alone
    Index parameters = 0;
    /// By metric, whole network: the newest value. Losses and accuracies over the whole sets are those of the
    /// final parameters (in float64), the others were measured at the last step that measured them.
    std::map<std::string, double> last;
    std::map<std::string, double> best; ///< least loss, greatest accuracy, the final ones among them

    double stepsPerSecond() const { return seconds > 0 ? static_cast<double>(steps) / seconds : 0; }
    /// The newest value of `metric`; NaN when it was not measured.
    double lastOf(const std::string& metric) const;
};

/// What came of a training.
struct TrainingSummary {
    std::string experiment;
    std::string signature;
    std::int64_t steps = 0;
    double seconds = 0; ///< from the first step to the last, all runs together
    int threads = 1;
    std::vector<RunSummary> runs;
};

/// The newest snapshot of the run `id` of a laboratory that is paused; null for an unknown id.
std::shared_ptr<const Snapshot> presentSnapshot(Laboratory& laboratory, int id);

/// Sums up `laboratory` as it stands, paused. `interrupted`: the user stopped it before its end.
TrainingSummary summarize(Laboratory& laboratory, bool interrupted);

/// summary.json. Numbers that are not finite become null.
std::string formatSummary(const TrainingSummary& summary);

} // namespace kappascope
