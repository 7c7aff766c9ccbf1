// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_data.h"
#include "ui/views/view_worker.h"

#include "engine/laboratory/snapshot.h"

#include <QColor>
#include <QImage>
#include <array>
#include <vector>

namespace kappascope::ui {

/// The theme's colours for a map, copied so that a worker's thread may use them.
struct FieldColors {
    static constexpr int levels = 64;
    /// One ramp a class from the panel's colour (not sure at all) to the class's (certain). Regression: two
    /// ramps, negative and positive. Paler than the dots, so that the dots stand out.
    std::vector<std::array<QRgb, levels>> ramps;

    static FieldColors fromTheme(int classes); ///< 0 classes: signed, for regression. GUI thread
    /// strength in [0, 1]
    QRgb at(std::size_t ramp, double strength) const;
};

/// A network's predictions over a grid of the plane.
struct PlaneField {
    Extent extent;
    int columns = 0, rows = 0;
    Matrix<double> values; ///< classes (or targets) x columns * rows, by rows from the bottom, cell centres
    bool complete = false; ///< false when cancelled on the way

    Index cell(int column, int row) const { return static_cast<Index>(row) * columns + column; }
    /// The cell that holds a place in data units; the nearest one for places outside.
    Index cellAt(const QPointF& at) const;
};

/// Cells per axis: `wanted`, or as many as a network of this size can do in about a tenth of a second.
int affordableCells(const Snapshot& snapshot, int wanted);

/// Evaluates the network at the centres of columns x rows cells, in blocks.
PlaneField evaluateField(const Snapshot& snapshot, const Extent& extent, int columns, int rows,
                         const Cancelled& cancelled);

/// Class of the largest probability, and its confidence in [0, 1]: 0 at the uniform distribution, 1 when
/// certain.
struct Verdict {
    int label = 0;
    double confidence = 0, probability = 0;
};
Verdict verdictOf(const Eigen::Ref<const Vector<double>>& probabilities);

/// The field as a picture of `size` device pixels; bound: the target value that gets the full colour
/// (regression).
QImage paintField(const PlaneField& field, const FieldColors& colors, bool classification, double bound,
                  const QSize& size);

} // namespace kappascope::ui
