// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"
#include "engine/telemetry/history.h"

namespace kappascope {

/// Pushes what `reading` holds of the instruments of Cadence::Snapshot (engine/probes/curvature.cpp) to the
/// history of its run, at its step. What is not defined is left out: a gap. So is a reading of another
/// matrix, of another function or over other samples than the instruments' words say (the Hessian in training
/// mode over the training set): a series is of one thing, and holds one value of a step. Any thread.
void recordCurvature(const CurvatureReading& reading, History& history);

/// Median and quartiles (nearest rank) of kappa* over the neurons of a layer that have one.
struct Spread {
    double low, median, high;
};
std::optional<Spread> spreadOf(const LayerConditioning& layer, Reading NeuronBlock::*kappa);

} // namespace kappascope
