// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <cmath>
#include <numbers>

namespace kappascope::data_sets {

namespace {

Dataset generateCircles(const DataSpec& spec, RandomStream& stream) {
    const int rings = static_cast<int>(spec.parameters.integer("rings"));
    std::vector<std::string> names;
    for (int ring = 1; ring <= rings; ++ring)
        names.push_back("ring " + std::to_string(ring));
    const auto place = [&](int ring) {
        const double radius = static_cast<double>(ring + 1) / rings;
        const double angle = 2 * std::numbers::pi * stream.uniform();
        return Eigen::Vector2d(radius * std::cos(angle), radius * std::sin(angle));
    };
    return scatter(spec, names, place, stream);
}

} // namespace

/// Ring k of K has the radius k / K.
DataEntry circles() {
    const Description description{
        "circles",
        "Circles",
        "Concentric circles, the outermost of radius 1; noise is the standard deviation added to both "
        "coordinates.",
        "",
        {Parameter::integer("rings", "Rings", "Number of circles; each is a class.", 2, 2, 5)}};
    return generated(description, Task::Classification, generateCircles);
}

} // namespace kappascope::data_sets
