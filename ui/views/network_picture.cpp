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

std::vector<int> evenlyChosen(Index units, int most) {
    const Index count = std::min<Index>(units, most);
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

/// Signed colours, relative to the largest of `values`: by rows from the top.
QImage signedMap(const Eigen::Ref<const Eigen::RowVectorXd>& values, int width, int height,
                 const FieldColors& colors) {
    const double bound = std::max(values.cwiseAbs().maxCoeff(), 1e-300);
    QImage map(width, height, QImage::Format_RGB32);
    for (int row = 0; row < height; ++row) {
        auto* line = reinterpret_cast<QRgb*>(map.scanLine(row));
        for (int column = 0; column < width; ++column) {
            const double value = values(static_cast<Index>(row) * width + column) / bound;
            line[column] = colors.at(value < 0 ? 0 : 1, std::abs(value));
        }
    }
    return map;
}

void describeOutputs(Column& column, const Eigen::Ref<const Matrix<double>>& outputs, bool plane,
                     const FieldColors& colors) {
    constexpr int cells = NetworkPicture::mapCells;
    const auto count = static_cast<Index>(column.shown.size());
    for (auto* numbers : {&column.smallest, &column.largest, &column.mean})
        numbers->resize(count);
    for (Index k = 0; k < count; ++k) {
        const Eigen::RowVectorXd values = outputs.row(column.shown[static_cast<std::size_t>(k)]);
        column.smallest(k) = values.minCoeff();
        column.largest(k) = values.maxCoeff();
        column.mean(k) = values.mean();
        if (plane) column.maps.push_back(signedMap(values, cells, cells, colors));
    }
}

QStringList chosenNames(const std::vector<int>& shown, const std::vector<std::string>& names) {
    QStringList chosen;
    for (const int k : shown)
        if (static_cast<std::size_t>(k) < names.size())
            chosen << QString::fromStdString(names[static_cast<std::size_t>(k)]);
    return chosen;
}

/// Pictures have one channel, or the first of theirs is shown.
QImage meanPicture(const Matrix<double>& x, const ImageShape& shape, const FieldColors& colors) {
    const Index pixels = static_cast<Index>(shape.width) * shape.height;
    const Eigen::RowVectorXd mean = x.topRows(pixels).rowwise().mean().transpose();
    return signedMap(mean, shape.width, shape.height, colors);
}

Column inputColumn(const Network<double>& network, const Dataset& set, const Matrix<double>& x, bool plane,
                   const FieldColors& colors, int most) {
    Column column;
    column.title = tr("inputs");
    column.units = network.inputs();
    if (set.image) {
        column.picture = meanPicture(x, *set.image, colors);
        return column;
    }
    column.shown = evenlyChosen(column.units, most);
    column.names = chosenNames(column.shown, set.featureNames);
    describeOutputs(column, x, plane, colors);
    return column;
}

/// The dense layer `d` as drawn: weights from the units shown of `before`.
Column denseColumn(Network<double>& network, int d, std::size_t end, const Column& before, int most) {
    WeightedLayer<double>& dense = *network.weighted()[static_cast<std::size_t>(d)];
    const bool last = d + 1 == static_cast<int>(network.weighted().size());
    Column column;
    column.title = last ? tr("outputs") : tr("layer %1").arg(d + 1);
    QStringList kinds;
    for (std::size_t l = network.positionOfWeighted(d); l < end; ++l)
        kinds << QString::fromStdString(network.layer(l).kind());
    column.layers = kinds.join(QStringLiteral(", "));
    column.units = dense.outputs();
    column.shown = evenlyChosen(column.units, most);
    column.largestWeight = dense.weight().cwiseAbs().maxCoeff();
    column.weights = dense.weight()(column.shown, before.shown);
    column.bias = dense.bias()(column.shown);
    return column;
}

/// The weights with which the units of the first layer look at the pixels.
void showPixelWeights(Column& first, const Matrix<double>& weight, const ImageShape& shape,
                      const FieldColors& colors) {
    const Index pixels = static_cast<Index>(shape.width) * shape.height;
    for (const int k : first.shown)
        first.maps.push_back(signedMap(weight.row(k).head(pixels), shape.width, shape.height, colors));
}

} // namespace

NetworkPicture makeNetworkPicture(const Snapshot& snapshot, const FieldColors& colors, int mostUnits,
                                  const Cancelled& cancelled) {
    const Dataset& set = snapshot.data->train;
    const bool plane = set.features() == 2;
    const Matrix<double> x = probePoints(snapshot, plane);
    Network<double> network(*snapshot.network);
    network.reserve(x.cols());
    network.forward(x, Mode::Evaluation);

    NetworkPicture picture;
    picture.columns.push_back(inputColumn(network, set, x, plane, colors, mostUnits));
    const int layers = static_cast<int>(network.weighted().size());
    for (int d = 0; d < layers; ++d) {
        if (cancelled) return picture;
        const std::size_t end = d + 1 < layers ? network.positionOfWeighted(d + 1) : network.depth();
        picture.columns.push_back(denseColumn(network, d, end, picture.columns.back(), mostUnits));
        describeOutputs(picture.columns.back(), network.outputOf(end - 1, x.cols()), plane, colors);
    }
    if (set.image) showPixelWeights(picture.columns[1], network.weighted()[0]->weight(), *set.image, colors);
    Column& outputs = picture.columns.back();
    if (set.classes() == outputs.units) outputs.names = chosenNames(outputs.shown, set.classNames);
    picture.complete = true;
    return picture;
}

} // namespace kappascope::ui
