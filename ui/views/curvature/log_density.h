// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/curvature/spectral_density.h"

namespace kappascope::ui {

/// The estimated density of a large spectrum as it is drawn over a logarithmic axis: eigenvalues a decade.
class LogDensity {
public:
    static constexpr double width = 0.12; ///< decades: standard deviation of the curve of a single node

    /// Nodes within +-band count as zero and are left out.
    LogDensity(const SpectralDensity& density, double band);

    /// Eigenvalues a decade of |lambda|, of the sign of lambda.
    double perDecade(double lambda) const;
    /// How many lie within +-band, with the standard error over the random vectors.
    const Reading& zeros() const { return zeros_; }

private:
    struct Node {
        double decades, weight; ///< log10 of its size; eigenvalues that it stands for
        bool negative;
    };
    std::vector<Node> nodes_;
    Reading zeros_;
};

} // namespace kappascope::ui
