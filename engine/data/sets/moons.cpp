// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <cmath>
#include <numbers>

namespace kappascope::data_sets {

/// Two interleaved half circles of radius 1: (cos t, sin t) and (1 - cos t, 1/2 - sin t), t in [0, pi).
DataEntry moons() {
    const Description description{"moons",
                                  "Moons",
                                  "Two interleaved half circles of radius 1; noise is the standard deviation "
                                  "added to both coordinates.",
                                  "",
                                  {}};
    return generated(description, Task::Classification, [](const DataSpec& spec, RandomStream& stream) {
        const auto place = [&stream](int label) {
            const double t = std::numbers::pi * stream.uniform();
            return label == 0 ? Eigen::Vector2d(std::cos(t), std::sin(t))
                              : Eigen::Vector2d(1 - std::cos(t), 0.5 - std::sin(t));
        };
        return scatter(spec, {"upper moon", "lower moon"}, place, stream);
    });
}

} // namespace kappascope::data_sets
