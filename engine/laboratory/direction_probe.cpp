// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/direction_probe.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace kappascope {

namespace {

constexpr double visibleLoss = 0.05; ///< a loss smaller than this counts as much for the reach
constexpr double deviations = 3;     ///< reach in units of the way that doubles the loss
constexpr double affordable = 2e9;   ///< multiplications of a profile: about a second
constexpr int fewestPoints = 9;

int affordablePoints(const CurvatureProblem& problem, int wanted) {
    constexpr double passes = 3; // forward, backward with respect to inputs and to parameters
    const double each =
        passes * static_cast<double>(problem.network->theta().size() * problem.data->x.cols());
    const int points = std::min(wanted, static_cast<int>(affordable / std::max(each, 1.0)));
    return std::max(points, std::min(wanted, fewestPoints)) | 1;
}

} // namespace

EigenDirection eigenDirection(const CurvatureReading& reading, bool preconditioned, Index i) {
    const BlockReading* whole = reading.block(BlockReading::wholeNetwork);
    if (!whole || !reading.snapshot) throw std::logic_error("the reading has no vectors");
    const SpectrumReading& spectrum = preconditioned ? whole->preconditioned : whole->raw;
    if (i >= spectrum.vectors.cols()) throw std::logic_error("the reading has no vectors");
    EigenDirection direction;
    direction.lambda = spectrum.eigenvalues[i];
    direction.u = spectrum.vectors.col(i);
    if (preconditioned && !reading.identity) coordinatesOf(*reading.snapshot)->toParameters(direction.u);
    const double length = direction.u.norm();
    direction.u /= length;
    direction.curvature = direction.lambda / (length * length);
    const double size = std::max(reading.snapshot->network->theta().norm(), 1.0);
    const double doubling =
        std::sqrt(2 * std::max(reading.loss, visibleLoss) / std::max(std::abs(direction.curvature), 1e-300));
    direction.reach = std::min(size, deviations * doubling);
    return direction;
}

std::shared_ptr<const Snapshot> movedAlong(const CurvatureReading& reading, const Vector<double>& u,
                                           double epsilon) {
    auto moved = std::make_shared<Snapshot>(*reading.snapshot);
    auto network = std::make_shared<Network<double>>(*moved->network);
    network->theta() += epsilon * u;
    moved->network = network;
    if (reading.request.mode == Mode::Training)
        moved->network = withStatisticsHeld(*network, curvatureProblem(*moved, reading.request).data->x);
    return moved;
}

LossProfile lossProfile(const CurvatureReading& reading, const EigenDirection& direction, int points,
                        const Cancelled* cancelled) {
    const CurvatureProblem problem = curvatureProblem(*reading.snapshot, reading.request);
    HessianOperator op(problem);
    LossProfile profile;
    profile.loss = op.loss();
    profile.slope = op.gradient().dot(direction.u);
    profile.curvature = direction.curvature;
    const int count = affordablePoints(problem, points);
    profile.epsilons = Vector<double>::LinSpaced(count, -direction.reach, direction.reach);
    profile.epsilons[count / 2] = 0;
    profile.losses.resize(count);
    for (Index k = 0; k < count; ++k) {
        stopIfCancelled(cancelled);
        op.moveTo(problem.network->theta() + profile.epsilons[k] * direction.u);
        profile.losses[k] = op.loss();
    }
    return profile;
}

double lossAlong(const CurvatureReading& reading, const EigenDirection& direction, double epsilon) {
    const CurvatureProblem problem = curvatureProblem(*reading.snapshot, reading.request);
    HessianOperator op(problem);
    op.moveTo(problem.network->theta() + epsilon * direction.u);
    return op.loss();
}

} // namespace kappascope
