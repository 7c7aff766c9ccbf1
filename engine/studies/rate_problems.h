// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/experiment.h"

#include <string>
#include <vector>

namespace kappascope {

/// Where gradient descent on the full batch comes near a minimum.
struct RateProblem {
    std::string name;
    int color;
    Experiment experiment; ///< one run; the rate is that of the approach
    std::int64_t approach; ///< steps after which the curvature is that of the minimum
    /// The loss has reached its minimum by then: the best step is taken from where it was still above it.
    bool arrives = false;
};

/// Convex ones, singular ones, scale-invariant ones (dense and a convolution), and one with BNP.
std::vector<RateProblem> rateProblems();

} // namespace kappascope
