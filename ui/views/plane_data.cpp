// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/plane_data.h"

#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

constexpr double margin = 0.15; // of the data's range, on each side

/// Widens [low, high] by the margin; a range without width, or without numbers, gets one around it.
void widen(double& low, double& high) {
    if (!(low <= high)) {
        low = -1;
        high = 1;
    }
    const double width = high - low;
    const double pad = width > 0 ? margin * width : std::max(0.5, 0.5 * std::abs(low));
    low -= pad;
    high += pad;
}

SamplePoint pointOf(const Dataset& set, const Matrix<double>& x, Index sample, bool test) {
    SamplePoint point;
    point.test = test;
    if (set.task == Task::Classification)
        point.label = set.labels[static_cast<std::size_t>(sample)];
    else
        point.target = set.y(0, sample);
    point.at = {x(0, sample), set.features() > 1 ? x(1, sample) : point.target};
    return point;
}

/// Every sample widens the extent; every stride-th becomes a dot.
void add(const Dataset& set, bool test, double stride, PlaneData& out) {
    const Matrix<double> x = set.x.dense();
    double next = 0;
    for (Index k = 0; k < set.samples(); ++k) {
        const SamplePoint point = pointOf(set, x, k, test);
        if (!std::isfinite(point.at.x()) || !std::isfinite(point.at.y())) continue;
        out.extent.x0 = std::min(out.extent.x0, point.at.x());
        out.extent.x1 = std::max(out.extent.x1, point.at.x());
        out.extent.y0 = std::min(out.extent.y0, point.at.y());
        out.extent.y1 = std::max(out.extent.y1, point.at.y());
        out.targetBound = std::max(out.targetBound, std::abs(point.target));
        if (static_cast<double>(k) < next) continue;
        next += stride;
        out.points.push_back(point);
    }
}

QString nameOf(const Dataset& set, std::size_t feature, const QString& otherwise) {
    if (feature < set.featureNames.size() && !set.featureNames[feature].empty())
        return QString::fromStdString(set.featureNames[feature]);
    return otherwise;
}

} // namespace

PlaneData planeData(const Split& split) {
    PlaneData data;
    const double infinity = std::numeric_limits<double>::infinity();
    data.extent = {infinity, -infinity, infinity, -infinity};
    data.targetBound = 0;
    data.samples = split.train.samples() + split.test.samples();
    const double stride = std::max(1.0, static_cast<double>(data.samples) / PlaneData::mostPoints);
    add(split.train, false, stride, data);
    if (split.test.samples() > 0) add(split.test, true, stride, data);
    widen(data.extent.x0, data.extent.x1);
    widen(data.extent.y0, data.extent.y1);
    if (data.targetBound == 0) data.targetBound = 1;
    data.xName = nameOf(split.train, 0, QStringLiteral("x₁"));
    data.yName =
        split.train.features() > 1 ? nameOf(split.train, 1, QStringLiteral("x₂")) : QStringLiteral("y");
    data.classes = static_cast<int>(split.train.classes());
    return data;
}

} // namespace kappascope::ui
