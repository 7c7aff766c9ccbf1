// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/data_catalog.h"

#include <functional>

namespace kappascope::data_sets {

/// Draws all samples of a set; `spec` is checked and complete.
using Generate = std::function<Dataset(const DataSpec&, RandomStream&)>;

/// The entry of a set that is drawn, not read.
DataEntry generated(Description description, Task task, Generate generate);

/// spec.samples points in the plane. The classes take turns, so that their numbers differ by at most one;
/// `place(label)` draws a point of that class, to which N(0, spec.noise^2) is added in each coordinate.
Dataset scatter(const DataSpec& spec, std::vector<std::string> classNames,
                const std::function<Eigen::Vector2d(int label)>& place, RandomStream& stream);

/// Targets f(x) + N(0, spec.noise^2) at spec.samples points drawn evenly from [-1, 1]^features.
Dataset sampleFunction(const DataSpec& spec, Index features,
                       const std::function<double(const Vector<double>& x)>& f, RandomStream& stream);

/// "x1", "x2", ...
std::vector<std::string> numberedFeatures(Index features);

} // namespace kappascope::data_sets
