// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_field.h"

#include <QStringList>
#include <vector>

namespace kappascope::ui {

/// What the network view draws, made in a worker's thread.
struct NetworkPicture {
    static constexpr int mapCells = 24; ///< per axis, of a unit's map over the plane

    /// A column of units: the inputs, or what one dense layer hands on (after its activation and whatever
    /// normalization stands before the next dense layer).
    struct Column {
        QString title;            ///< "inputs", "layer 1", "outputs"
        QString layers;           ///< "dense, tanh, batch_norm"
        Index units = 0;          ///< of all
        std::vector<int> shown;   ///< those drawn
        Matrix<double> weights;   ///< shown x shown units of the column before; empty for the inputs
        Vector<double> bias;      ///< of those shown
        double largestWeight = 0; ///< of all of this layer, drawn or not
        QStringList names;        ///< of those shown: features, classes; or empty
        /// Of those shown: over the plane of the data what they hand on; of images, in the first layer, the
        /// weights of the pixels. Else empty.
        std::vector<QImage> maps;
        QImage picture; ///< of images the inputs are one picture, the mean of some samples, not units
        Vector<double> smallest, largest, mean; ///< output over the plane or the samples looked at
    };
    std::vector<Column> columns;
    bool complete = false; ///< false when cancelled on the way
};

/// `colors`: of a signed map (FieldColors::fromTheme(0)); `mostUnits` are drawn of one layer, evenly chosen.
NetworkPicture makeNetworkPicture(const Snapshot& snapshot, const FieldColors& colors, int mostUnits,
                                  const Cancelled& cancelled);

} // namespace kappascope::ui
