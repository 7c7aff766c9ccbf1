// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_picture.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

using Column = NetworkPicture::Column;
constexpr Index samplesLookedAt = 200; ///< for the range of a unit where there is no plane

QString tr(const char* text) {
    return QCoreApplication::translate("NetworkPicture", text);
}

std::vector<int> evenlyChosen(Index units) {
    const Index count = std::min<Index>(units, NetworkPicture::mostUnits);
    std::vector<int> chosen;
    for (Index k = 0; k < count; ++k)
        chosen.push_back(static_cast<int>(k * units / count));
    return chosen;
}

/// The centres of the cells of a grid over the plane, by rows from the top; or some samples.
Matrix<double> probePoints(const Snapshot& snapshot, bool plane) {
    const Dataset& set = snapshot.data->train;
    if (!plane) {
        Matrix<double> x(set.features(), std::min(samplesLookedAt, set.samples()));
        set.x.copy<double>(0, x);
        return x;
    }
    constexpr int cells = NetworkPicture::mapCells;
    const Extent extent = planeData(*snapshot.data).extent;
    Matrix<double> x(2, cells * cells);
    for (int row = 0; row < cells; ++row)
        for (int column = 0; column < cells; ++column) {
            const Index k = static_cast<Index>(row) * cells + column;
            x(0, k) = extent.x0 + (column + 0.5) / cells * (extent.x1 - extent.x0);
            x(1, k) = extent.y1 - (row + 0.5) / cells * (extent.y1 - extent.y0);
        }
    return x;
}

/// Signed colours, relative to the unit's largest output.
QImage unitMap(const Eigen::Ref<const Eigen::RowVectorXd>& values, const FieldColors& colors) {
    constexpr int cells = NetworkPicture::mapCells;
    const double bound = std::max(values.cwiseAbs().maxCoeff(), 1e-300);
    QImage map(cells, cells, QImage::Format_RGB32);
    for (int row = 0; row < cells; ++row) {
        auto* line = reinterpret_cast<QRgb*>(map.scanLine(row));
        for (int column = 0; column < cells; ++column) {
            const double value = values(static_cast<Index>(row) * cells + column) / bound;
            line[column] = colors.at(value < 0 ? 0 : 1, std::abs(value));
        }
    }
    return map;
}

void describeOutputs(Column& column, const Eigen::Ref<const Matrix<double>>& outputs, bool plane,
                     const FieldColors& colors) {
    const auto count = static_cast<Index>(column.shown.size());
    column.smallest.resize(count);
    column.largest.resize(count);
    for (Index k = 0; k < count; ++k) {
        const Eigen::RowVectorXd values = outputs.row(column.shown[static_cast<std::size_t>(k)]);
        column.smallest(k) = values.minCoeff();
        column.largest(k) = values.maxCoeff();
        if (plane) column.maps.push_back(unitMap(values, colors));
    }
}

Column inputColumn(const Network<double>& network) {
    Column column;
    column.title = tr("inputs");
    column.units = network.inputs();
    column.shown = evenlyChosen(column.units);
    return column;
}

/// The dense layer `d` as drawn: weights from the units shown of `before`.
Column denseColumn(Network<double>& network, int d, std::size_t end, const Column& before) {
    Dense<double>& dense = *network.dense()[static_cast<std::size_t>(d)];
    const bool last = d + 1 == static_cast<int>(network.dense().size());
    Column column;
    column.title = last ? tr("outputs") : tr("layer %1").arg(d + 1);
    QStringList kinds;
    for (std::size_t l = network.positionOfDense(d); l < end; ++l)
        kinds << QString::fromStdString(network.layer(l).kind());
    column.layers = kinds.join(QStringLiteral(", "));
    column.units = dense.outputs();
    column.shown = evenlyChosen(column.units);
    column.largestWeight = dense.weight().cwiseAbs().maxCoeff();
    column.weights = dense.weight()(column.shown, before.shown);
    column.bias = dense.bias()(column.shown);
    return column;
}

} // namespace

NetworkPicture makeNetworkPicture(const Snapshot& snapshot, const FieldColors& colors,
                                  const Cancelled& cancelled) {
    const bool plane = snapshot.data->train.features() == 2;
    const Matrix<double> x = probePoints(snapshot, plane);
    Network<double> network(*snapshot.network);
    network.reserve(x.cols());
    network.forward(x, Mode::Evaluation);

    NetworkPicture picture;
    picture.columns.push_back(inputColumn(network));
    describeOutputs(picture.columns.back(), x, plane, colors);
    const int layers = static_cast<int>(network.dense().size());
    for (int d = 0; d < layers; ++d) {
        if (cancelled) return picture;
        const std::size_t end = d + 1 < layers ? network.positionOfDense(d + 1) : network.depth();
        picture.columns.push_back(denseColumn(network, d, end, picture.columns.back()));
        describeOutputs(picture.columns.back(), network.outputOf(end - 1, x.cols()), plane, colors);
    }
    picture.complete = true;
    return picture;
}

} // namespace kappascope::ui
