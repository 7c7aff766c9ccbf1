// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

namespace kappascope::data_sets {

/// Four clusters at (+-1, +-1); the class is the sign of the product of the centre's coordinates.
DataEntry xorClusters() {
    const Description description{
        "xor",
        "XOR",
        "Gaussian clusters at (±1, ±1), opposite corners of one class; noise is the standard deviation of a "
        "cluster.",
        "",
        {}};
    return generated(description, Task::Classification, [](const DataSpec& spec, RandomStream& stream) {
        const auto corner = [&stream](int label) {
            const double x = stream.below(2) == 0 ? -1 : 1;
            return Eigen::Vector2d(x, label == 0 ? x : -x);
        };
        return scatter(spec, {"same sign", "opposite signs"}, corner, stream);
    });
}

} // namespace kappascope::data_sets
