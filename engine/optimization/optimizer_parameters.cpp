// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer_parameters.h"

#include "engine/optimization/optimizer.h"

namespace kappascope {

/// Zero would divide 0 by 0 for units that are dead.
constexpr double smallestEpsilon = 1e-16;

Parameter learningRateParameter(double standard) {
    return Parameter::real(learningRateKey, "Learning rate η",
                           "Length of a step, in the units of the method; the schedule multiplies it.",
                           standard, 0, 1e3)
        .open(true, false)
        .decades();
}

Parameter momentumParameter() {
    return decayParameter(
        "momentum", "Momentum β",
        "Share of the velocity that each step keeps; steady gradients are amplified 1/(1-β) times.", 0.9);
}

Parameter epsilonParameter(double standard) {
    return Parameter::real("epsilon", "Floor ε", "Added to the root in the denominator.", standard,
                           smallestEpsilon, 1)
        .decades();
}

Parameter decayParameter(std::string key, std::string label, std::string help, double standard) {
    return Parameter::real(std::move(key), std::move(label), std::move(help), standard, 0, 1)
        .open(false, true);
}

} // namespace kappascope
