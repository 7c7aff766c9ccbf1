// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/laboratory/curvature_measurement.h"

namespace kappascope {

/// A line through the parameters along an eigenvector: theta + epsilon u with |u| = 1, so that epsilon is the
/// length of the way in parameter space. For an eigenvector v of P^T H P it is u = P v/|P v|.
struct EigenDirection {
    double lambda = 0;    ///< the eigenvalue
    Vector<double> u;     ///< laid out as Network::theta()
    double curvature = 0; ///< u^T H u = lambda / |P v|^2
    double reach = 1;     ///< an epsilon that shows something: at most |theta|, less in steep directions
};

/// Of the whole network's i-th eigenvalue; the reading must have its vectors and its snapshot.
EigenDirection eigenDirection(const CurvatureReading& reading, bool preconditioned, Index i);

/// What was measured, moved by epsilon along u. Of normalizations that take their statistics from the batch
/// these are those of the measured samples, held fixed: a Predictor then computes the function whose
/// curvature was measured.
std::shared_ptr<const Snapshot> movedAlong(const CurvatureReading& reading, const Vector<double>& u,
                                           double epsilon);

/// The measured loss along a line, and its quadratic model at 0.
struct LossProfile {
    Vector<double> epsilons, losses;
    double loss = 0, slope = 0, curvature = 0; ///< at epsilon = 0

    double model(double epsilon) const { return loss + epsilon * (slope + epsilon * curvature / 2); }
};
/// At `points` (odd: the middle one is 0) from -reach to reach; fewer for networks so large that they would
/// take more than about a second. Throws WorkCancelled.
LossProfile lossProfile(const CurvatureReading& reading, const EigenDirection& direction, int points,
                        const Cancelled* cancelled = nullptr);
/// The loss at a single epsilon.
double lossAlong(const CurvatureReading& reading, const EigenDirection& direction, double epsilon);

} // namespace kappascope
