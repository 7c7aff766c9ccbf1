// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <cmath>
#include <numbers>

namespace kappascope::data_sets {

namespace {

constexpr double innerRadius = 0.1; ///< the arms would touch in the centre

Dataset generateSpirals(const DataSpec& spec, RandomStream& stream) {
    const int arms = static_cast<int>(spec.parameters.integer("arms"));
    const double turns = spec.parameters.real("turns");
    std::vector<std::string> names;
    for (int arm = 1; arm <= arms; ++arm)
        names.push_back("arm " + std::to_string(arm));
    const auto place = [&](int arm) {
        const double t = stream.uniform();
        const double radius = innerRadius + (1 - innerRadius) * t;
        const double angle = 2 * std::numbers::pi * (turns * t + static_cast<double>(arm) / arms);
        return Eigen::Vector2d(radius * std::cos(angle), radius * std::sin(angle));
    };
    return scatter(spec, names, place, stream);
}

} // namespace

/// Archimedean arms: radius 0.1 + 0.9 t, angle 2 pi (turns t + arm / arms), t in [0, 1).
DataEntry spirals() {
    const Description description{
        "spirals",
        "Spirals",
        "Spiral arms that wind out to radius 1; noise is the standard deviation added to both coordinates.",
        "",
        {Parameter::integer("arms", "Arms", "Number of arms; each is a class.", 2, 2, 5),
         Parameter::real("turns", "Turns", "How often an arm winds around the centre.", 1.5, 0.25, 4)}};
    return generated(description, Task::Classification, generateSpirals);
}

} // namespace kappascope::data_sets
