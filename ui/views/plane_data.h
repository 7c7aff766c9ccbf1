// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/dataset.h"

#include <QPointF>
#include <QString>
#include <vector>

namespace kappascope::ui {

/// A rectangle in data units, each axis on its own scale: x0 < x1, y0 < y1, y upward.
struct Extent {
    double x0 = 0, x1 = 1, y0 = 0, y1 = 1;
    bool operator==(const Extent&) const = default;
};

/// One sample as a dot in the plane.
struct SamplePoint {
    QPointF at;        ///< data units
    int label = 0;     ///< classification
    double target = 0; ///< regression: the first target
    bool test = false;
};

/// What maps and curves draw of a data set with one or two features: dots, and the part of the plane that
/// holds them.
struct PlaneData {
    static constexpr int mostPoints = 500; ///< more are a carpet, and slow

    Extent extent;                   ///< of all samples, 15 % wider on each side
    std::vector<SamplePoint> points; ///< training first; an even choice of mostPoints when there are more
    qint64 samples = 0;              ///< of all, drawn or not
    QString xName, yName;
    int classes = 0;        ///< 0 for regression
    double targetBound = 1; ///< largest |target| (regression)
};

/// Of a data set with two features, or one feature and a target, which then is y.
PlaneData planeData(const Split& split);

} // namespace kappascope::ui
