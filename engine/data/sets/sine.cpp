// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <cmath>
#include <numbers>

namespace kappascope::data_sets {

DataEntry sine() {
    const Description description{
        "sine",
        "Sine",
        "y = sin(π · periods · x) for one input x in [-1, 1]; noise is the standard deviation added to the "
        "target.",
        "",
        {Parameter::real("periods", "Periods", "Number of whole waves over [-1, 1].", 2, 0.25, 20)}};
    return generated(description, Task::Regression, [](const DataSpec& spec, RandomStream& stream) {
        const double rate = std::numbers::pi * spec.parameters.real("periods");
        return sampleFunction(
            spec, 1, [rate](const Vector<double>& x) { return std::sin(rate * x[0]); }, stream);
    });
}

} // namespace kappascope::data_sets
