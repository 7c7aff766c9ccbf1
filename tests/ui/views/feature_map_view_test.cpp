// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/feature_map_view.h"

#include "tests/support/map_networks.h"
#include "tests/support/view_test.h"
#include "ui/views/network_view.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

namespace {

const ImageShape image{2, 6, 5}; ///< channels, height, width
constexpr int classes = 3, units = 4;

Dataset pictures(const ImageShape& shape, int samples) {
    std::vector<int> labels;
    for (int k = 0; k < samples; ++k)
        labels.push_back(k % classes);
    Dataset set = classified(
        randomMatrix<double>(static_cast<Index>(shape.channels) * shape.height * shape.width, samples, 11),
        labels, classes);
    set.image = shape;
    return set;
}

std::shared_ptr<Snapshot> snapshotOf(const std::vector<LayerSpec>& layers, const ImageShape& shape = image,
                                     const MethodSpec& normalization = {"none", {}}) {
    const auto snapshot = std::make_shared<Snapshot>();
    snapshot->run = 1;
    snapshot->step = 5;
    snapshot->network =
        mapNetwork<double>(layers, {shape.channels, shape.height, shape.width}, classes, normalization, 3);
    snapshot->loss = lossCatalog().at("cross_entropy").make<double>({});
    snapshot->data = splitOf(pictures(shape, 7));
    return snapshot;
}

std::vector<LayerSpec> twoConvolutions() {
    return {conv(units, 3, 1, 1), layer("relu"), layer("max_pool"), conv(6, 3, 1, 1, 2), layer("flatten")};
}

/// What unit `u` of the first layer gives at a place, as the definition has it: zeros around the image, whose
/// values lie channel by channel, row by row.
double convolved(const Snapshot& snapshot, Index sample, Index u, Index y, Index x) {
    WeightedLayer<double>& first = *snapshot.network->weighted().front();
    Matrix<double> pixels(image.channels * image.height * image.width, 1);
    snapshot.data->train.x.copy<double>(sample, pixels);
    double sum = first.bias()(u);
    for (Index c = 0; c < image.channels; ++c)
        for (Index ky = 0; ky < 3; ++ky)
            for (Index kx = 0; kx < 3; ++kx) {
                const Index row = y + ky - 1, column = x + kx - 1;
                if (row < 0 || row >= image.height || column < 0 || column >= image.width) continue;
                sum += first.weight()(u, (ky * 3 + kx) * image.channels + c) *
                       pixels((c * image.height + row) * image.width + column, 0);
            }
    return sum;
}

} // namespace

class FeatureMapViewTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }

    void mapsAreWhatTheDefinitionOfTheConvolutionGives() {
        ViewWorker worker;
        FeatureMapView view(worker);
        view.setSample(4);
        const auto snapshot = snapshotOf(twoConvolutions());
        QVERIFY(showPicture(view, snapshot, {700, 220}));
        const FeatureMapPicture& picture = view.picture();
        QCOMPARE(picture.layers, (QStringList{"1 conv2d", "1 relu", "1 max_pool", "2 conv2d"}));
        QCOMPARE(picture.layer, 0);
        QCOMPARE(picture.channels, (std::vector<int>{0, 1, 2, 3}));
        QVERIFY(picture.gives == MapShape(units, image.height, image.width));
        double largest = 0;
        for (Index u = 0; u < units; ++u)
            for (Index y = 0; y < image.height; ++y)
                for (Index x = 0; x < image.width; ++x) {
                    const double expected = convolved(*snapshot, 4, u, y, x);
                    largest = std::max(largest, std::abs(expected));
                    QVERIFY(std::abs(picture.maps.values(y * image.width + x, u) - expected) < 1e-12);
                }
        QCOMPARE(picture.maps.bound, largest);
        const FieldColors colors = FeatureMapView::colors();
        const double value = picture.maps.values(2 * image.width + 3, 1);
        QCOMPARE(picture.maps.images[1].pixel(3, 2),
                 colors.at(value < 0 ? 0 : 1, std::abs(value) / picture.maps.bound));

        QSignalSpy shown(&view, &RunView::shown);
        view.setLayer("1 relu");
        QVERIFY(shown.wait());
        QCOMPARE(view.picture().maps.values(7, 2),
                 std::max(0.0, convolved(*snapshot, 4, 2, 7 / image.width, 7 % image.width)));
    }
    void everyLayersMapsAreThoseOfTheForwardPass() {
        // Batch normalization in evaluation mode, branches and projections: outputs at every layer.
        const auto& entry = normalizationCatalog().at("batch_norm");
        const auto snapshot = snapshotOf(manyLayers("tanh"), {2, 9, 8}, {"batch_norm", Parameters(entry)});
        Network<double> network(*snapshot->network);
        network.reserve(7);
        Matrix<double> x(snapshot->data->train.features(), 7);
        snapshot->data->train.x.copy<double>(0, x);
        network.forward(x, Mode::Evaluation);
        const std::atomic<bool> never = false;
        const auto take = [&](const QString& layer) {
            return makeFeatureMaps(*snapshot, layer, 6, FieldColors::fromTheme(0), Qt::white, Qt::black,
                                   never);
        };
        const QStringList layers = take({}).layers;
        int seen = 0;
        for (std::size_t l = 0; l < network.depth(); ++l) {
            const MapShape shape = network.layer(l).outputShape();
            if (shape.flat() || l < network.positionOfWeighted(0)) continue;
            QVERIFY(seen < layers.size());
            QVERIFY(layers[seen].endsWith(QString::fromStdString(network.layer(l).kind())));
            if (layers.indexOf(layers[seen]) == seen) {
                const FeatureMapPicture picture = take(layers[seen]);
                for (Index c = 0; c < shape.channels; ++c)
                    for (Index p = 0; p < shape.positions(); ++p)
                        QVERIFY(std::abs(picture.maps.values(p, c) -
                                         network.outputOf(l, 7)(p * shape.channels + c, 6)) < 1e-9);
            }
            ++seen;
        }
        QCOMPARE(seen, static_cast<int>(layers.size()));
        QVERIFY(seen > 12);
    }
    void kernelsAreTheWeightsOfTheConvolutionBeforeTheLayer() {
        ViewWorker worker;
        FeatureMapView view(worker);
        view.setLayer("2 conv2d");
        const auto snapshot = snapshotOf(twoConvolutions());
        QVERIFY(showPicture(view, snapshot, {700, 220}));
        const FeatureMapPicture& picture = view.picture();
        QCOMPARE(picture.kernelsOf, QString("2 conv2d"));
        QCOMPARE(picture.unitChannels, Index{2}); // two groups of the four maps
        WeightedLayer<double>& second = *snapshot->network->weighted()[1];
        QCOMPARE(picture.kernels.values.cols(), Index{6 * 2});
        for (Index unit = 0; unit < 6; ++unit)
            for (Index c = 0; c < 2; ++c)
                for (Index tap = 0; tap < 9; ++tap)
                    QCOMPARE(picture.kernels.values(tap, unit * 2 + c), second.weight()(unit, tap * 2 + c));
        QCOMPARE(picture.kernels.bound, second.weight().cwiseAbs().maxCoeff());
        // A unit's two channels stand below each other; on the screen they have the colours of their weights.
        QCOMPARE(view.kernelRect(3).left(), view.kernelRect(2).left());
        QVERIFY(view.kernelRect(3).top() > view.kernelRect(2).top());
        const QRectF tile = view.kernelRect(5);
        COMPARE_COLOR(pixelAt(view, tile.topLeft() + QPointF(tile.width() / 6, tile.height() / 6)),
                      QColor(picture.kernels.images[5].pixel(0, 0)));
        QVERIFY(view.textAt(tile.center()).startsWith("kernel of unit 3 on channel 2\n"));
        QVERIFY(view.textAt(view.mapRect(5).center()).startsWith("map 6 of 6\n"));
    }
    void nothingIsDrawnOutsideOrOverAnother() {
        ViewWorker worker;
        FeatureMapView view(worker);
        view.setLayer("2 conv2d");
        for (const QSize& size : {QSize(700, 220), QSize(420, 90), QSize(300, 400)}) {
            QVERIFY(showPicture(view, snapshotOf(twoConvolutions()), size));
            QRectF kernels, maps;
            for (std::size_t k = 0; k < view.picture().kernels.images.size(); ++k)
                kernels |= view.kernelRect(k);
            for (std::size_t k = 0; k < view.picture().maps.images.size(); ++k)
                maps |= view.mapRect(k);
            QVERIFY(!kernels.intersects(maps));
            QVERIFY(QRectF(view.rect()).contains(kernels) && QRectF(view.rect()).contains(maps));
        }
    }
    void saysWhyThereIsNothing() {
        ViewWorker worker;
        FeatureMapView view(worker);
        QVERIFY(showPicture(view, snapshotOf({layer("flatten"), layer("dense"), layer("relu")}), {600, 200}));
        QCOMPARE(view.picture().layer, -1);
        QVERIFY(!view.picture().sample.isNull());
        Dataset points = classified(columns({{0, 1}, {1, 0}}), {0, 1}, 2);
        view.setSnapshot(linearSnapshot(splitOf(points), Matrix<double>::Identity(2, 2),
                                        Vector<double>::Zero(2), "cross_entropy"));
        QVERIFY(view.picture().sample.isNull());
    }
    void theNetworkViewDrawsLinesBehindASumAndNoneIntoAProjection() {
        ViewWorker worker;
        NetworkView view(worker);
        QVERIFY(showPicture(view, snapshotOf(manyLayers("tanh"), {2, 9, 8}), {700, 300}));
        // inputs, conv, block 1: two, block 2: two and its projection, dense, block 3: dense, outputs
        const auto& columns = view.picture().columns;
        QCOMPARE(static_cast<int>(columns.size()), 10);
        for (const std::size_t column : {1, 2, 3, 4, 5, 7, 8, 9})
            QVERIFY2(columns[column].largestWeight > 0, qPrintable(columns[column].title));
        QCOMPARE(columns[6].largestWeight, 0.0); // it looks at the block's start, three columns before
        const auto& network = *view.snapshot()->network;
        QVERIFY(std::abs(columns[4].weights(0, 0) -
                         network.weighted()[3]->weight().row(0)(Eigen::seqN(0, 3, 4)).mean()) < 1e-12);
    }
    void colouredImagesAreShownInTheirColours() {
        ViewWorker worker;
        NetworkView view(worker);
        QVERIFY(showPicture(view, snapshotOf({conv(4, 3, 1, 1), layer("flatten")}, {3, 4, 4}), {700, 300}));
        const auto& inputs = view.picture().columns[0];
        Matrix<double> x(48, 7);
        view.snapshot()->data->train.x.copy<double>(0, x);
        const Vector<double> mean = x.rowwise().mean();
        const auto byte = [&](Index k) {
            return static_cast<int>(
                std::lround(255 * (mean(k) - mean.minCoeff()) / (mean.maxCoeff() - mean.minCoeff())));
        };
        QCOMPARE(inputs.picture.pixel(1, 2), qRgb(byte(9), byte(16 + 9), byte(32 + 9)));
        // Kernels too: grey is 0.
        const auto W = view.snapshot()->network->weighted()[0]->weight();
        const double bound = W.row(2).cwiseAbs().maxCoeff();
        const auto level = [&](Index c) {
            return static_cast<int>(std::lround(255 * (W(2, 4 * 3 + c) / (2 * bound) + 0.5)));
        };
        QCOMPARE(view.picture().columns[1].maps[2].pixel(1, 1), qRgb(level(0), level(1), level(2)));
    }
};

QTEST_MAIN(FeatureMapViewTest)
#include "feature_map_view_test.moc"
