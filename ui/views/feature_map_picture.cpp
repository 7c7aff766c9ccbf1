// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/feature_map_picture.h"

#include "ui/theme/theme.h"
#include "ui/views/sample_predictions.h"
#include "ui/widgets/sample_picture.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

namespace kappascope::ui {

namespace {

using Tiles = FeatureMapPicture::Tiles;

QString tr(const char* text) {
    return QCoreApplication::translate("FeatureMapPicture", text);
}

/// Number of the layer with weights that stands at or before layer l, from 1; 0 for none.
int weightedNumber(const Network<double>& network, std::size_t l) {
    int number = 0;
    while (number < static_cast<int>(network.weighted().size()) && network.positionOfWeighted(number) <= l)
        ++number;
    return number;
}

/// The network's layers that give maps, those that only reorder values left out.
std::vector<std::size_t> layersWithMaps(const Network<double>& network) {
    std::vector<std::size_t> layers;
    for (std::size_t l = 0; l < network.depth(); ++l)
        if (!network.layer(l).outputShape().flat() && weightedNumber(network, l) > 0) layers.push_back(l);
    return layers;
}

QString nameOf(const Network<double>& network, std::size_t l) {
    return QStringLiteral("%1 %2")
        .arg(weightedNumber(network, l))
        .arg(QString::fromStdString(network.layer(l).kind()));
}

void paintTiles(Tiles& tiles, const FieldColors& colors) {
    const double bound = std::max(tiles.bound, 1e-300);
    for (Index tile = 0; tile < tiles.values.cols(); ++tile) {
        QImage image(static_cast<int>(tiles.width), static_cast<int>(tiles.height), QImage::Format_RGB32);
        for (int y = 0; y < tiles.height; ++y)
            for (int x = 0; x < tiles.width; ++x) {
                const double value = tiles.values(y * tiles.width + x, tile) / bound;
                reinterpret_cast<QRgb*>(image.scanLine(y))[x] = colors.at(value < 0 ? 0 : 1, std::abs(value));
            }
        tiles.images.push_back(std::move(image));
    }
}

/// Values lie channels last: value of channel c at position p is p * channels + c.
void takeMaps(const Network<double>& network, std::size_t l, FeatureMapPicture& picture) {
    picture.gives = network.layer(l).outputShape();
    const Matrix<double> out = network.outputOf(l, 1);
    const Index channels = picture.gives.channels, positions = picture.gives.positions();
    const Eigen::Map<const Matrix<double>> byChannel(out.data(), channels, positions);
    picture.channels = evenlyChosen(channels, FeatureMapPicture::mostMaps);
    Tiles& maps = picture.maps;
    maps.height = picture.gives.height;
    maps.width = picture.gives.width;
    maps.bound = out.cwiseAbs().maxCoeff();
    maps.values.resize(positions, static_cast<Index>(picture.channels.size()));
    for (std::size_t k = 0; k < picture.channels.size(); ++k)
        maps.values.col(static_cast<Index>(k)) = byChannel.row(picture.channels[k]).transpose();
}

/// Of the convolution with the number `number`, from 1: weight column tap * channels + c, as WeightShape
/// says.
void takeKernels(Network<double>& network, int number, FeatureMapPicture& picture) {
    const auto index = static_cast<std::size_t>(number - 1);
    if (network.isDense(index)) return;
    WeightedLayer<double>& layer = *network.weighted()[index];
    picture.kernelsOf = nameOf(network, network.positionOfWeighted(number - 1));
    picture.units = layer.outputChannels();
    picture.unitChannels = layer.weightShape().channelsOfGroup();
    picture.kernelUnits = evenlyChosen(picture.units, FeatureMapPicture::mostKernelUnits);
    picture.kernelChannels = evenlyChosen(picture.unitChannels, FeatureMapPicture::mostKernelChannels);
    Tiles& kernels = picture.kernels;
    kernels.height = layer.kernelHeight();
    kernels.width = layer.kernelWidth();
    kernels.bound = layer.weight().cwiseAbs().maxCoeff();
    const auto each = static_cast<Index>(picture.kernelChannels.size());
    kernels.values.resize(kernels.height * kernels.width,
                          static_cast<Index>(picture.kernelUnits.size()) * each);
    for (Index tile = 0; tile < kernels.values.cols(); ++tile)
        for (Index tap = 0; tap < kernels.values.rows(); ++tap)
            kernels.values(tap, tile) = layer.weight()(
                picture.kernelUnits[static_cast<std::size_t>(tile / each)],
                tap * picture.unitChannels + picture.kernelChannels[static_cast<std::size_t>(tile % each)]);
}

QString textOf(const Snapshot& snapshot, const Dataset& set, Index sample, const Vector<double>& outputs) {
    const QString name = &set == &snapshot.data->test ? tr("test sample %1") : tr("training sample %1");
    QString text = name.arg(formatCount(sample));
    if (set.task != Task::Classification) return text;
    const Verdict verdict = verdictOf(snapshot.loss->probabilities(outputs, set.task).col(0));
    const auto className = [&](int label) {
        return QString::fromStdString(snapshot.data->train.classNames[static_cast<std::size_t>(label)]);
    };
    return text + tr(": %1, predicted %2 (%3)")
                      .arg(className(set.labels[static_cast<std::size_t>(sample)]), className(verdict.label),
                           formatShare(verdict.probability));
}

} // namespace

FeatureMapPicture makeFeatureMaps(const Snapshot& snapshot, const QString& layer, Index sample,
                                  const FieldColors& colors, const QColor& paper, const QColor& ink,
                                  const Cancelled& cancelled) {
    FeatureMapPicture picture;
    const Dataset& set = shownSet(*snapshot.data);
    sample = std::clamp<Index>(sample, 0, set.samples() - 1);
    Network<double> network(*snapshot.network);
    network.reserve(1);
    Matrix<double> x(set.features(), 1);
    set.x.copy<double>(sample, x);
    if (cancelled) return picture;
    const Vector<double> outputs = network.forward(x, Mode::Evaluation).col(0);
    picture.sample = samplePicture(set, sample, paper, ink);
    picture.sampleText = textOf(snapshot, set, sample, outputs);

    const std::vector<std::size_t> layers = layersWithMaps(network);
    for (const std::size_t l : layers)
        picture.layers << nameOf(network, l);
    if (!layers.empty()) {
        picture.layer = std::max(0, static_cast<int>(picture.layers.indexOf(layer)));
        const std::size_t l = layers[static_cast<std::size_t>(picture.layer)];
        takeMaps(network, l, picture);
        takeKernels(network, weightedNumber(network, l), picture);
        paintTiles(picture.maps, colors);
        paintTiles(picture.kernels, colors);
    }
    picture.complete = !cancelled;
    return picture;
}

} // namespace kappascope::ui
