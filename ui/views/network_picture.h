// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/plane_field.h"

#include <QString>
#include <vector>

namespace kappascope::ui {

/// What the network view draws, made in a worker's thread.
struct NetworkPicture {
    static constexpr int mostUnits = 14; ///< drawn of one layer, evenly chosen
    static constexpr int mapCells = 24;  ///< per axis, of a unit's map

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
        std::vector<QImage> maps; ///< of those shown, over the plane of the data; empty without a plane
        Vector<double> smallest, largest; ///< output over the plane or the samples looked at
    };
    std::vector<Column> columns;
    bool complete = false; ///< false when cancelled on the way
};

/// `colors`: of a signed map (FieldColors::fromTheme(0)).
NetworkPicture makeNetworkPicture(const Snapshot& snapshot, const FieldColors& colors,
                                  const Cancelled& cancelled);

} // namespace kappascope::ui
