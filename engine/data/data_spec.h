// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

#include <string>
#include <vector>

namespace kappascope {

/// Which data, and how badly conditioned. A plain value; "data" in the experiment file.
struct DataSpec {
    std::string set = "xor";   ///< key in dataCatalog()
    Parameters parameters;     ///< of that set: arms, turns, classes, condition number, target column, ...
    std::string path;          ///< for files; relative paths are relative to the experiment file
    int samples = 300;         ///< generated sets: training and test together
    double noise = 0.1;        ///< generated sets: each has its meaning in its entry's help
    std::vector<double> scale; ///< x_j *= scale_j; empty: 1; one number: for all features
    double rotation = 0;       ///< degrees, after scale, in the planes (0,1), (2,3), ...: correlates features
    std::vector<double> offset; ///< x_j += offset_j, last; empty: 0; one number: for all
    double labelNoise =
        0; ///< share of training labels replaced by another class (regression: shuffled targets)
    double testFraction = 1.0 / 3; ///< share held out; files with a test part of their own keep it
    bool standardize = false;      ///< subtract the training mean, divide by the training deviation

    bool operator==(const DataSpec&) const = default;
};

} // namespace kappascope
