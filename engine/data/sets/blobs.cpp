// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <cmath>
#include <numbers>

namespace kappascope::data_sets {

namespace {

Dataset generateBlobs(const DataSpec& spec, RandomStream& stream) {
    const int classes = static_cast<int>(spec.parameters.integer("classes"));
    std::vector<std::string> names;
    for (int blob = 1; blob <= classes; ++blob)
        names.push_back("blob " + std::to_string(blob));
    const auto centre = [classes](int blob) {
        const double angle = 2 * std::numbers::pi * blob / classes;
        return Eigen::Vector2d(std::cos(angle), std::sin(angle));
    };
    return scatter(spec, names, centre, stream);
}

} // namespace

/// The centres stand evenly on the unit circle.
DataEntry blobs() {
    const Description description{
        "blobs",
        "Blobs",
        "Gaussian clusters around points of the unit circle; noise is the standard deviation of a cluster.",
        "",
        {Parameter::integer("classes", "Classes", "Number of clusters; each is a class.", 3, 2, 10)}};
    return generated(description, Task::Classification, generateBlobs);
}

} // namespace kappascope::data_sets
