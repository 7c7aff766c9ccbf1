// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_picture.h"

#include "engine/network/pass_size.h"
#include "ui/views/sample_predictions.h"

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

/// The centres of the cells of a grid over the plane, by rows from the top; or some samples.
Matrix<double> probePoints(const Snapshot& snapshot, bool plane) {
    const Dataset& set = snapshot.data->train;
    if (!plane) {
        const Index count = std::min(samplesLookedAt, samplesOfOnePass(*snapshot.network));
        Matrix<double> x(set.features(), std::min(count, set.samples()));
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

/// From three channels one behind the other, red, green and blue from 0 to 1, each by rows from the top.
QImage colouredMap(const Vector<double>& levels, int width, int height) {
    QImage map(width, height, QImage::Format_RGB32);
    const Index pixels = static_cast<Index>(width) * height;
    const auto byte = [&](Index at) {
        return std::isfinite(levels(at)) ? static_cast<int>(std::lround(255 * levels(at))) : 0;
    };
    for (Index at = 0; at < pixels; ++at)
        reinterpret_cast<QRgb*>(map.scanLine(static_cast<int>(at / width)))[at % width] =
            qRgb(byte(at), byte(pixels + at), byte(2 * pixels + at));
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

/// Of one channel in signed colours; of three as they are, red, green and blue.
QImage meanPicture(const Matrix<double>& x, const ImageShape& shape, const FieldColors& colors) {
    const Index pixels = static_cast<Index>(shape.width) * shape.height;
    const Vector<double> mean = x.rowwise().mean();
    if (shape.channels != 3)
        return signedMap(mean.head(pixels).transpose(), shape.width, shape.height, colors);
    const double low = mean.minCoeff(), range = std::max(mean.maxCoeff() - low, 1e-300);
    return colouredMap((mean.array() - low) / range, shape.width, shape.height);
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

/// Whether layer `to` receives what layer `l` gives (-1: the network's inputs), perhaps as a summand, without
/// another layer with weights in between.
bool receivesFrom(const Network<double>& network, int to, int l) {
    const auto hasWeights = [&](int layer) -> bool {
        return dynamic_cast<const WeightedLayer<double>*>(&network.layer(static_cast<std::size_t>(layer)));
    };
    const Sources sources = network.sources(static_cast<std::size_t>(to));
    return std::ranges::any_of(std::initializer_list<int>{sources.from, sources.joined}, [&](int from) {
        return from == l || (from > l && !hasWeights(from) && receivesFrom(network, from, l));
    });
}

/// Whether layer d with weights receives what the one before it gives, alone or in a sum (d = 0: the inputs).
bool followsTheOneBefore(const Network<double>& network, int d) {
    const int before = d > 0 ? static_cast<int>(network.positionOfWeighted(d - 1)) : Sources::networkInputs;
    return receivesFrom(network, static_cast<int>(network.positionOfWeighted(d)), before);
}

/// Units x units of the column before: of a convolution the mean of a kernel, of a dense layer behind maps
/// the mean over a map. Behind a residual block they look at sums: the lines are those from its last layer.
/// None where the layer receives nothing of the one before, as a shortcut's projection.
Matrix<double> weightsOfUnits(Network<double>& network, int d, Index unitsBefore) {
    WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    const WeightShape& shape = layer.weightShape();
    const bool maps = !network.isDense(static_cast<std::size_t>(d));
    const Index channels = maps ? std::min(unitsBefore, shape.inputChannels) : unitsBefore;
    Matrix<double> weights = Matrix<double>::Zero(shape.outputs, unitsBefore);
    if (!followsTheOneBefore(network, d) || layer.inputs() % channels != 0) return weights;
    const Index each = maps ? shape.kernelArea : layer.inputs() / channels;
    for (Index unit = 0; unit < shape.outputs; ++unit)
        for (Index k = 0; k < shape.fanIn(); ++k)
            weights(unit, maps ? shape.channel(unit / shape.unitsOfGroup(), k) : k / each) +=
                layer.weight()(unit, k) / static_cast<double>(each);
    return weights;
}

/// What the units of layer d give in front of the next one, those of maps at all positions.
Matrix<double> outputsOfUnits(const Network<double>& network, int d, std::size_t end, Index samples) {
    const Index units = network.weighted()[static_cast<std::size_t>(d)]->outputChannels();
    std::size_t l = network.positionOfWeighted(d);
    while (l + 1 < end && network.layer(l + 1).outputShape().channels == units)
        ++l;
    return channelsOf<const double>(network.outputOf(l, samples), units).matrix();
}

/// The layer `d` as drawn: weights from the units shown of `before`.
Column layerColumn(Network<double>& network, int d, std::size_t end, const Column& before, int most) {
    WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    const bool last = d + 1 == static_cast<int>(network.weighted().size());
    Column column;
    column.title = last ? tr("outputs") : tr("layer %1").arg(d + 1);
    QStringList kinds;
    for (std::size_t l = network.positionOfWeighted(d); l < end; ++l)
        kinds << QString::fromStdString(network.layer(l).kind());
    column.layers = kinds.join(QStringLiteral(", "));
    column.units = layer.outputChannels();
    column.shown = evenlyChosen(column.units, most);
    const Matrix<double> weights = weightsOfUnits(network, d, before.units);
    column.largestWeight = weights.cwiseAbs().maxCoeff();
    column.weights = weights(column.shown, before.shown);
    column.bias = layer.bias()(column.shown);
    return column;
}

/// The weights with which a unit of the first layer looks at the pixels, those of a channel behind one
/// another: at all of them, or, of a convolution, through its window. Empty for a layer that sees something
/// else.
Vector<double> pixelWeights(WeightedLayer<double>& layer, Index unit, const ImageShape& shape) {
    const Vector<double> all = layer.weight().row(unit).transpose();
    const Index channels = layer.weightShape().channelsOfGroup();
    if (layer.kernelArea() == 1 && layer.positions() == 1)
        return all.size() == static_cast<Index>(shape.channels) * shape.height * shape.width
                   ? all
                   : Vector<double>();
    Vector<double> values(all.size());
    for (Index tap = 0; tap < layer.kernelArea(); ++tap)
        for (Index c = 0; c < channels; ++c)
            values(c * layer.kernelArea() + tap) = all(tap * channels + c);
    return values;
}

/// Of three channels in their colours, grey where the weights are 0; else the first channel's in signed ones.
void showPixelWeights(Column& first, WeightedLayer<double>& layer, const ImageShape& shape,
                      const FieldColors& colors) {
    const bool window = layer.kernelArea() > 1 || layer.positions() > 1;
    const int width = static_cast<int>(window ? layer.kernelWidth() : shape.width);
    const int height = static_cast<int>(window ? layer.kernelHeight() : shape.height);
    const Index pixels = static_cast<Index>(width) * height;
    for (const int k : first.shown) {
        const Vector<double> values = pixelWeights(layer, k, shape);
        if (values.size() == 0) return;
        const double bound = std::max(values.cwiseAbs().maxCoeff(), 1e-300);
        first.maps.push_back(values.size() == 3 * pixels
                                 ? colouredMap(values.array() / (2 * bound) + 0.5, width, height)
                                 : signedMap(values.head(pixels).transpose(), width, height, colors));
    }
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
        picture.columns.push_back(layerColumn(network, d, end, picture.columns.back(), mostUnits));
        describeOutputs(picture.columns.back(), outputsOfUnits(network, d, end, x.cols()), plane, colors);
    }
    if (set.image) showPixelWeights(picture.columns[1], *network.weighted()[0], *set.image, colors);
    Column& outputs = picture.columns.back();
    if (set.classes() == outputs.units) outputs.names = chosenNames(outputs.shown, set.classNames);
    picture.complete = true;
    return picture;
}

} // namespace kappascope::ui
