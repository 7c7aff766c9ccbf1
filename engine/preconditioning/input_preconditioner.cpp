// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/preconditioning/input_preconditioner.h"

namespace kappascope {

std::vector<Parameter> scaledInputParameters() {
    return {
        RunningStatistics<double>::rhoParameter(),
        Parameter::real("epsilon1", "Relative floor ε₁",
                        "Adds ε₁ max σ² to every variance: an input is amplified at most 1/√ε₁ times more "
                        "than another (in deviation).",
                        1e-2, 0, 1e3)
            .decades(),
        Parameter::real("epsilon2", "Absolute floor ε₂",
                        "Adds ε₂ to every variance, so that constant inputs do no harm.", 1e-4, 0, 1e3)
            .decades(),
        RunningStatistics<double>::varianceParameter(),
        RunningStatistics<double>::startParameter(),
        qCountsParameter(),
        LayerChoice::parameter()};
}

Parameter qCountsParameter() {
    return Parameter::choice(
        "q_counts", "N of q²",
        "q² = max(m/N, 1), m the inputs of a unit: N counts the samples of the mini-batch, "
        "or, of a convolution, their patches (one for each position of the output).",
        "samples", {"samples", "patches"});
}

} // namespace kappascope
