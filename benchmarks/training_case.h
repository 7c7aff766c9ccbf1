// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"
#include "engine/laboratory/run.h"

namespace kappascope::bench {

/// A network in training, on data that cost nothing to make: noise, in bytes where there are many inputs, as
/// images are. Or on the images that networks with 784 inputs are for, most of whose pixels are 0.
struct TrainingCase {
    std::string name;
    int inputs;
    std::vector<int> hidden;
    int outputs; ///< 1: two classes, binary cross-entropy
    std::string activation;
    int batch;
    Precision precision = Precision::Float32;
    std::string normalization = "none", preconditioner = "none";
    int threads = 1;
    bool onMnist = false; ///< its first images, instead of noise
};

/// The cases that are compared with others; benchmarks/peers.py has the same under the same names. Those on
/// MNIST only where './dev data mnist' has fetched it.
const std::vector<TrainingCase>& comparedCases();

/// A run of `which` as the laboratory makes it: plain SGD, every step's loss recorded in its history.
std::unique_ptr<Run> makeRun(const TrainingCase& which);

/// So many steps as the laboratory gives a run at once: chunks of a few milliseconds.
std::int64_t stepsOfAChunk(Run& run);

} // namespace kappascope::bench
