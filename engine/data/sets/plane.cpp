// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

namespace kappascope::data_sets {

DataEntry plane() {
    const Description description{
        "plane",
        "Plane",
        "The plane y = (x1 + x2) / 2 over [-1, 1]²; noise is the standard deviation "
        "added to the target.",
        "",
        {}};
    return generated(description, Task::Regression, [](const DataSpec& spec, RandomStream& stream) {
        return sampleFunction(
            spec, 2, [](const Vector<double>& x) { return (x[0] + x[1]) / 2; }, stream);
    });
}

} // namespace kappascope::data_sets
