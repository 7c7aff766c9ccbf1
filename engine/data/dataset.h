// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/cancellation.h"
#include "engine/data/features.h"

#include <optional>
#include <string>
#include <vector>

namespace kappascope {

enum class Task { Classification, Regression };

struct ImageShape {
    int channels = 1, height = 0, width = 0;
    bool operator==(const ImageShape&) const = default;
};

/// Samples with their targets. A value; immutable once built, readable from any thread.
struct Dataset {
    std::string name;   ///< "moons", "wine", a file's name
    std::string source; ///< where it comes from, with licence, for real data
    Task task = Task::Classification;
    Features x;                            ///< features x samples
    std::vector<int> labels;               ///< classification: class of each sample, 0 ... classes()-1
    Matrix<double> y;                      ///< regression: targets x samples
    std::vector<std::string> featureNames; ///< as many as features, or empty
    std::vector<std::string> classNames;   ///< classification: one for each class
    std::optional<ImageShape>
        image;       ///< set when a sample is a picture (channels x height x width, row by row)
    int white = 255; ///< images: the byte of full brightness

    Index samples() const { return x.cols(); }
    Index features() const { return x.rows(); }
    Index classes() const { return static_cast<Index>(classNames.size()); }

    Dataset select(std::span<const int> samples) const;
};

/// Training and test part. Neither shares a sample with the other.
struct Split {
    Dataset train, test;
};

/// Mean and biased standard deviation of every feature over a data set. Throws WorkCancelled.
struct FeatureMoments {
    Vector<double> mean, deviation;
};
FeatureMoments featureMoments(const Features& x, const Cancelled* cancelled = nullptr);

/// kappa of the covariance of the inputs: largest over smallest eigenvalue of (1/N) sum (x-mu)(x-mu)^T; the
/// smallest is the smallest above 1e-14 of the largest. The product's simplest condition number: what
/// standardizing would mend.
double covarianceConditionNumber(const Features& x);

} // namespace kappascope
