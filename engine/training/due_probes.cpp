// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/due_probes.h"

namespace kappascope {

namespace {

void measure(const ProbeEntry& probe, const Observation<float>& observation, ProbeSink& sink) {
    probe.measureFloat(observation, sink);
}

void measure(const ProbeEntry& probe, const Observation<double>& observation, ProbeSink& sink) {
    probe.measureDouble(observation, sink);
}

} // namespace

DueProbes::DueProbes(const Catalog<ProbeEntry>& catalog) {
    for (const auto& probe : catalog.entries()) {
        if (probe.cadence == Cadence::Snapshot) continue;
        (probe.cadence == Cadence::EveryStep ? everyStep_ : regular_).push_back(&probe);
        needEvaluation_ |= probe.needsEvaluation;
    }
}

template<class S>
void DueProbes::record(const Observation<S>& observation, bool measured, ProbeSink& sink) const {
    for (const auto* probe : everyStep_)
        measure(*probe, observation, sink);
    if (!measured) return;
    for (const auto* probe : regular_)
        if (observation.evaluation || !probe->needsEvaluation) measure(*probe, observation, sink);
}

template void DueProbes::record(const Observation<float>&, bool, ProbeSink&) const;
template void DueProbes::record(const Observation<double>&, bool, ProbeSink&) const;

} // namespace kappascope
