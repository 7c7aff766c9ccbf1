// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/conv2d.h"
#include "engine/normalization/input_statistics.h"
#include "tests/support/input_errors.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index classes = 3, samples = 20;
constexpr double sameFunction = 1e-10;
const MapShape image{2, 8, 8};

MethodSpec batchNorm(const char* placement, bool inputs = false) {
    MethodSpec spec{"batch_norm", Parameters(normalizationCatalog().at("batch_norm"))};
    spec.parameters.set("placement", std::string(placement));
    spec.parameters.set("normalize_inputs", inputs);
    return spec;
}
const MethodSpec none{"none", {}};

std::vector<std::string> kinds(const Network<double>& net) {
    std::vector<std::string> all;
    for (std::size_t l = 0; l < net.depth(); ++l)
        all.push_back(net.layer(l).kind());
    return all;
}

std::vector<LayerSpec> block() {
    return {conv(4, 3, 1, 1), layer("relu"),
            layer("residual", {{"shortcut", std::string("projection")}},
                  {conv(6, 3, 2, 1), layer("relu"), conv(6, 3, 1, 1)}),
            layer("relu"), layer("global_average_pool")};
}

/// No padding, no pooling: every layer's inputs are the next one's.
std::vector<LayerSpec> unpadded() {
    return {conv(4, 3, 1, 0),
            layer("tanh"),
            conv(6, 3, 1, 0, 2),
            layer("tanh"),
            conv(3, 4, 1, 0),
            layer("tanh"),
            layer("dense", {{"units", std::int64_t{5}}}),
            layer("tanh")};
}

Matrix<double> badlyScaled() {
    Matrix<double> x = randomMatrix<double>(image.features(), samples, 3);
    x.topRows(image.positions()).array() += 10;
    x.bottomRows(image.positions()) = 30 * x.bottomRows(image.positions()).array() - 5;
    return x;
}

Matrix<double> evaluate(Network<double>& network, const Matrix<double>& x) {
    network.reserve(x.cols());
    return network.forward(x, Mode::Evaluation);
}

double relativeDifference(const Matrix<double>& a, const Matrix<double>& b) {
    return (a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

} // namespace

class MapStackTest : public QObject {
    Q_OBJECT

private slots:
    void placementsReachIntoBranches() {
        const std::vector<std::string> pre{
            "channels_last", "batch_norm", "conv2d", "batch_norm", "relu",
            "conv2d",        "batch_norm", "relu",   "conv2d",     "batch_norm",
            "conv2d",        "batch_norm", "add",    "relu",       "global_average_pool",
            "dense"};
        const auto net = mapNetwork<double>(block(), image, classes, batchNorm("pre", true), 1);
        QCOMPARE(kinds(*net), pre);
        QCOMPARE(net->layer(3).inputShape(), (MapShape{4, 8, 8}));
        QCOMPARE(net->sources(10), Sources{4}); // the projection takes what the block receives
        QCOMPARE(net->sources(12), (Sources{11, 9}));
        const std::vector<std::string> post{
            "channels_last",       "conv2d", "relu",   "batch_norm", "conv2d", "relu",
            "batch_norm",          "conv2d", "conv2d", "add",        "relu",   "batch_norm",
            "global_average_pool", "dense"};
        const auto behind = mapNetwork<double>(block(), image, classes, batchNorm("post"), 1);
        QCOMPARE(kinds(*behind), post);
        QCOMPARE(behind->sources(8), Sources{3}); // normalized
        QCOMPARE(behind->tensorPrefix(11), std::string("normalizations.4"));
    }

    void inputStatisticsArePerChannel() {
        const auto net = mapNetwork<double>(block(), image, classes, batchNorm("pre", true), 1);
        const Matrix<double> x = badlyScaled();
        net->reserve(7);
        InputStatistics<double> statistics(*net, 7);
        statistics.measure(*net, 1, Features(x));
        for (Index c = 0; c < 2; ++c) {
            const auto values = x.middleRows(c * image.positions(), image.positions());
            QVERIFY(std::abs(statistics.mean()[c] - values.mean()) < 1e-11);
            QVERIFY(std::abs(statistics.variance()[c] - (values.array() - values.mean()).square().mean()) <
                    1e-9);
        }
    }

    void conversionKeepsTheFunction_data() {
        QTest::addColumn<bool>("padded");
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        for (const bool padded : {false, true})
            for (const char* from : {"none", "pre", "post"})
                for (const char* to : {"none", "pre", "post"})
                    if (!(padded && QString(from) == "post")) // refused, see below
                        QTest::newRow(
                            qPrintable(QString("%1 %2 -> %3").arg(padded ? "padded" : "unpadded", from, to)))
                            << padded << from << to;
    }
    void conversionKeepsTheFunction() {
        QFETCH(bool, padded);
        QFETCH(QString, from);
        QFETCH(QString, to);
        const auto method = [](const QString& placement, bool inputs) {
            return placement == "none" ? none : batchNorm(placement.toUtf8().constData(), inputs);
        };
        const Matrix<double> x = badlyScaled(), elsewhere = (2 * badlyScaled().array() - 5).matrix();
        const auto net =
            mapNetwork<double>(padded ? block() : unpadded(), image, classes, method(from, !padded), 4);
        for (const bool inputs : {false, true}) {
            const auto converted =
                convertNormalization(*net, *makeNormalization<double>(method(to, inputs)), Features(x));
            for (const auto& points : {x, elsewhere})
                QVERIFY(relativeDifference(evaluate(*converted, points), evaluate(*net, points)) <
                        sameFunction);
        }
    }

    // Zeros beyond the border are no means: no weights can take the shift over.
    void conversionRefusesWhatNoWeightsCanTakeOver() {
        const Features x(badlyScaled());
        const auto padded = mapNetwork<double>(block(), image, classes, batchNorm("post"), 4);
        QVERIFY(inputErrorOf([&] {
                    convertNormalization(*padded, *makeNormalization<double>(none), x);
                }).startsWith("normalization: layer 3 (batch_norm) cannot be folded into weights"));
        const auto pooled =
            mapNetwork<double>({conv(4, 3, 1, 0), layer("relu"), layer("max_pool"), layer("flatten")}, image,
                               classes, batchNorm("post"), 4);
        QVERIFY(inputErrorOf([&] {
                    convertNormalization(*pooled, *makeNormalization<double>(none), x);
                }).startsWith("normalization: layer 3 (batch_norm) cannot be folded into weights"));
    }

    // Without padding the folded start is the start on standardized inputs, exactly.
    void foldingStandardizesChannels() {
        const Matrix<double> x = badlyScaled();
        Matrix<double> standard = x;
        for (Index c = 0; c < 2; ++c) {
            auto values = standard.middleRows(c * image.positions(), image.positions());
            values.array() -= values.mean();
            values /= std::sqrt(values.array().square().mean());
        }
        const auto folded = mapNetwork<double>(unpadded(), image, classes, none, 4);
        Network<double> start(*folded);
        foldStandardization(*folded, Features(x), FoldedLayers::First);
        QVERIFY(relativeDifference(evaluate(*folded, x), evaluate(start, standard)) < sameFunction);
    }
};

QTEST_APPLESS_MAIN(MapStackTest)
#include "map_stack_test.moc"
