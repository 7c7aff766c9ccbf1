// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/probes/probe.h"

#include <vector>

namespace kappascope {

/// The probe catalog sorted by when its members are due. Points into the catalog, which outlives it.
class DueProbes {
public:
    explicit DueProbes(const Catalog<ProbeEntry>& catalog);

    /// True when a regular probe reads Observation::evaluation.
    bool needEvaluation() const { return needEvaluation_; }

    /// Lets the probes that are due measure: those of every step; when `measured` the regular ones, of which
    /// those that read the evaluation only where there is one.
    template<class S>
    void record(const Observation<S>& observation, bool measured, ProbeSink& sink) const;

private:
    std::vector<const ProbeEntry*> everyStep_, regular_;
    bool needEvaluation_ = false;
};

} // namespace kappascope
