// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/sets/generator.h"

#include <array>
#include <cmath>

namespace kappascope::data_sets {

namespace {

struct Bump {
    double x, y, height;
};

/// Two rows of three whose signs take turns.
constexpr std::array<Bump, 6> bumps{
    {{-0.65, 0.4, 1}, {0, 0.4, -1}, {0.65, 0.4, 1}, {-0.65, -0.4, -1}, {0, -0.4, 1}, {0.65, -0.4, -1}}};
constexpr double bumpWidth = 0.2;

double landscape(const Vector<double>& x) {
    double height = 0;
    for (const Bump& bump : bumps) {
        const double distance2 = (x[0] - bump.x) * (x[0] - bump.x) + (x[1] - bump.y) * (x[1] - bump.y);
        height += bump.height * std::exp(-distance2 / (2 * bumpWidth * bumpWidth));
    }
    return height;
}

} // namespace

DataEntry multiGaussian() {
    const Description description{
        "multi_gaussian",
        "Hills and hollows",
        "Six Gaussian bumps of alternating sign over [-1, 1]²; noise is the standard "
        "deviation added to the target.",
        "",
        {}};
    return generated(description, Task::Regression, [](const DataSpec& spec, RandomStream& stream) {
        return sampleFunction(spec, 2, landscape, stream);
    });
}

} // namespace kappascope::data_sets
