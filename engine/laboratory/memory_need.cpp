// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/memory_need.h"

#include "engine/core/error.h"

#include <algorithm>
#include <cmath>
#include <limits>

#ifdef __unix__
#include <unistd.h>
#endif

namespace kappascope {

namespace {

/// What a run has of each parameter at least (measured with SGD; 16 with Adam): parameters, gradient, start,
/// the step, the state that is kept in case it diverges. Activations and data come on top.
constexpr double copies = 10;
constexpr double gigabyte = 1e9;

std::string inGigabytes(double bytes) {
    return std::to_string(std::llround(std::min(bytes / gigabyte, 1e15))) + " GB";
}

} // namespace

void checkMemory(const Experiment& experiment, const NetworkPlan& plan, Index batch, double memory) {
    const double number = experiment.precision == Precision::Float32 ? sizeof(float) : sizeof(double);
    const bool stacked = experiment.model.stacked();
    const double parameters = plan.parameters();
    // of a dense network they are few beside the weights
    const double activations = stacked ? 0 : plan.activations() * static_cast<double>(batch);
    const double need =
        number * (copies * parameters + activations) * static_cast<double>(experiment.runs.size());
    if (need <= memory) return;
    const char* place = stacked                           ? "model.hidden"
                        : experiment.model.layers.empty() ? "model.network"
                                                          : "model.layers";
    throw InputError(place,
                     std::to_string(experiment.runs.size()) + " runs of " +
                         std::to_string(std::llround(parameters)) + " parameters take at least " +
                         inGigabytes(need) + " of memory, this machine has " + inGigabytes(memory),
                     "Use smaller layers or fewer runs.");
}

double machineMemory() {
#ifdef __unix__
    const long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && bytes > 0) return static_cast<double>(pages) * static_cast<double>(bytes);
#endif
    return std::numeric_limits<double>::infinity();
}

} // namespace kappascope
