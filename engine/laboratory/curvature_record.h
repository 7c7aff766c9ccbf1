// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "engine/telemetry/history.h"

namespace kappascope {

/// Pushes what `reading` holds of the instruments of Cadence::Snapshot (engine/probes/curvature.cpp) to the
/// history of its run, at its step. What is not defined is left out: a gap. Steps must not decrease from call
/// to call. Any thread.
void recordCurvature(const CurvatureReading& reading, History& history);

/// Median and quartiles (nearest rank) of kappa* over the neurons of a layer that have one.
struct Spread {
    double low, median, high;
};
std::optional<Spread> spreadOf(const LayerConditioning& layer, Reading NeuronBlock::*kappa);

} // namespace kappascope
