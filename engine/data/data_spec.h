// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/parameters.h"

#include <string>
#include <vector>

namespace kappascope {

/// How the bytes of images become inputs, before anything else is done to them.
enum class PixelScaling {
    Given,     ///< as the data set's help says: 0 to 1, of the embedded digits 0 to 16
    Unit,      ///< black 0, white 1
    Centred,   ///< black -1, white 1
    PerChannel ///< minus the channel's mean over the training images, by its deviation
};

/// Random changes of the training images, anew each time that one is in a mini-batch: Augmentation.
struct AugmentationSpec {
    int crop = 0;      ///< pixels of black added on each side before a random part of the old size is cut out
    int shift = 0;     ///< moves up to so many pixels each way; the edge is repeated
    bool flip = false; ///< mirrors every other image left to right

    bool any() const { return crop > 0 || shift > 0 || flip; }
    bool operator==(const AugmentationSpec&) const = default;
};

/// Which data, and how badly conditioned. A plain value; "data" in the experiment file.
struct DataSpec {
    std::string set = "xor"; ///< key in dataCatalog()
    Parameters parameters;   ///< of that set: arms, turns, classes, condition number, target column, ...
    std::string path;        ///< for files; relative paths are relative to the experiment file
    PixelScaling pixels = PixelScaling::Given; ///< images
    int samples = 300;                         ///< generated sets: training and test together
    double noise = 0.1;                        ///< generated sets: each has its meaning in its entry's help
    std::vector<double> scale;                 ///< x_j *= scale_j; empty: 1; one number: for all features
    double rotation = 0; ///< degrees, after scale, in the planes (0,1), (2,3), ...: correlates features
    std::vector<double> offset; ///< x_j += offset_j, last; empty: 0; one number: for all
    double labelNoise =
        0; ///< share of training labels replaced by another class (regression: shuffled targets)
    double testFraction = 1.0 / 3; ///< share held out; files with a test part of their own keep it
    bool standardize = false;      ///< subtract the training mean, divide by the training deviation
    AugmentationSpec augmentation; ///< images

    bool operator==(const DataSpec&) const = default;
};

} // namespace kappascope
