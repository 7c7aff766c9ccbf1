// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/conv2d.h"
#include "engine/preconditioning/preconditioner.h"
#include "engine/training/trainer.h"
#include "tests/support/fixture.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double exact = 1e-11;
constexpr Index samples = 4;
const MapShape map{4, 5, 6};

std::unique_ptr<Preconditioner<double>> bound(const std::string& method, const WeightShape& shape,
                                              const std::string& qCounts = "samples") {
    const auto& entry = preconditioningCatalog().at(method);
    Parameters values(entry);
    if (values.has("q_counts")) values.set("q_counts", qCounts);
    if (values.has("variance")) values.set("variance", std::string("literal"));
    auto layer = entry.make<double>(values)->makeLayer(0);
    layer->bind(shape);
    return layer;
}

Vector<double> tensor(Preconditioner<double>& layer, const std::string& name) {
    for (const auto& each : layer.state())
        if (each.name == name) return each.values;
    throw std::logic_error("no tensor " + name);
}

/// Channels of very different size, far from 0.
Matrix<double> maps(std::uint64_t seed) {
    Matrix<double> x = randomMatrix<double>(map.features(), samples, seed);
    for (Index k = 0; k < x.rows(); ++k) {
        const auto c = static_cast<double>(k % map.channels);
        x.row(k) = (x.row(k).array() * std::pow(3.0, c) + 2 * c).matrix();
    }
    return x;
}

/// [outputs][channels][3][3] as W, column tap * channels + c.
Matrix<double> kernelsOf(const nlohmann::json& list) {
    const auto outputs = static_cast<Index>(list.size()), channels = static_cast<Index>(list[0].size());
    Matrix<double> W(outputs, 9 * channels);
    for (Index o = 0; o < outputs; ++o)
        for (Index c = 0; c < channels; ++c)
            for (Index tap = 0; tap < 9; ++tap)
                W(o, tap * channels + c) =
                    list[static_cast<std::size_t>(o)][static_cast<std::size_t>(c)]
                        [static_cast<std::size_t>(tap / 3)][static_cast<std::size_t>(tap % 3)];
    return W;
}

/// [N][channels][height][width] with channels last within a sample.
Matrix<double> mapsOf(const nlohmann::json& list) {
    const std::size_t N = list.size(), C = list[0].size(), H = list[0][0].size(), W = list[0][0][0].size();
    Matrix<double> x(static_cast<Index>(C * H * W), static_cast<Index>(N));
    for (std::size_t n = 0; n < N; ++n)
        for (std::size_t c = 0; c < C; ++c)
            for (std::size_t p = 0; p < H * W; ++p)
                x(static_cast<Index>(p * C + c), static_cast<Index>(n)) = list[n][c][p / W][p % W];
    return x;
}

/// P of math.md section 2 for a unit that sees `shape.kernelArea` times the channels of group g, bias first.
Matrix<double> explicitP(const WeightShape& shape, Index g, const Vector<double>& mu,
                         const Vector<double>& damped, double q) {
    const Index m = shape.fanIn();
    Matrix<double> U = Matrix<double>::Identity(m + 1, m + 1);
    Vector<double> D = Vector<double>::Ones(m + 1);
    for (Index k = 0; k < m; ++k) {
        const Index c = g * shape.channelsOfGroup() + k % shape.channelsOfGroup();
        U(0, k + 1) = -mu[c];
        D[k + 1] = 1 / std::sqrt(damped[c]);
    }
    return U * D.asDiagonal() / q;
}

} // namespace

class ConvolutionTest : public QObject {
    Q_OBJECT

private slots:
    void reproducesReferenceNumbers() {
        const auto known = fixture("bnp.json")["conv"];
        const Matrix<double> x = mapsOf(known["x"]);
        Matrix<double> Gw = kernelsOf(known["Gw"]);
        Vector<double> Gb = vectorOf(known["Gb"]);
        const auto layer = bound("bnp", {.inputChannels = 2, .kernelArea = 9, .outputs = 2, .positions = 16});
        layer->observe(x);
        QVERIFY(difference(tensor(*layer, "mean"), vectorOf(known["mu"])) < 1e-12);
        QVERIFY(difference(tensor(*layer, "variance"), vectorOf(known["s2"])) < 1e-12);
        layer->transform(Gw, Gb, x.cols());
        QVERIFY(difference(Gw, kernelsOf(known["Gw_out"])) < 1e-12);
        QVERIFY(difference(Gb, vectorOf(known["Gb_out"])) < 1e-12);
    }

    // The convolution written out as a dense layer on its patches, whose unit i has the gradient (G_b,
    // G_w)_i.
    void multipliesByPPt_data() {
        QTest::addColumn<QString>("method");
        QTest::addColumn<int>("groups");
        QTest::addColumn<QString>("qCounts");
        for (const char* method : {"bnp", "centering", "scaling"})
            for (const int groups : {1, 2})
                for (const char* counts : {"samples", "patches"})
                    QTest::newRow(
                        qPrintable(QString("%1, %2 groups, %3").arg(method).arg(groups).arg(counts)))
                        << method << groups << counts;
    }
    void multipliesByPPt() {
        QFETCH(QString, method);
        QFETCH(int, groups);
        QFETCH(QString, qCounts);
        const Conv2d<double> convolution(map, 6, WindowRule::square(3, 1, 1), groups);
        const WeightShape& shape = convolution.weightShape();
        QCOMPARE(shape.positions, Index{30});
        const auto layer = bound(method.toStdString(), shape, qCounts.toStdString());
        for (std::uint64_t step = 0; step < 3; ++step)
            layer->observe(maps(step));
        const Vector<double> variance = tensor(*layer, "variance");
        const Vector<double> mu =
            method == "scaling" ? Vector<double>::Zero(map.channels) : tensor(*layer, "mean");
        const Vector<double> damped =
            method == "centering"
                ? Vector<double>::Ones(map.channels)
                : Vector<double>((variance.array() + 1e-2 * variance.maxCoeff() + 1e-4).matrix());
        const double N = qCounts == "patches" ? 30.0 * samples : samples;
        const double q = std::sqrt(std::max(static_cast<double>(shape.fanIn()) / N, 1.0));

        const Matrix<double> Gw = randomMatrix<double>(6, shape.fanIn(), 4);
        const Vector<double> Gb = randomVector<double>(6, 5);
        Matrix<double> transformed = Gw, weights = Gw, coordinates = Gw;
        Vector<double> transformedBias = Gb, bias = Gb, coordinatesBias = Gb;
        layer->transform(transformed, transformedBias, samples);
        layer->toWeights(weights, bias, samples);
        layer->toCoordinates(coordinates, coordinatesBias, samples);
        const Index units = shape.unitsOfGroup();
        for (Index i = 0; i < 6; ++i) {
            const Matrix<double> P = explicitP(shape, i / units, mu, damped, q);
            Vector<double> g(shape.fanIn() + 1);
            g << Gb[i], Gw.row(i).transpose();
            const auto check = [&](const Vector<double>& expected, const Matrix<double>& W,
                                   const Vector<double>& b) {
                Vector<double> found(expected.size());
                found << b[i], W.row(i).transpose();
                return difference(found, expected) < exact;
            };
            QVERIFY(check(P * (P.transpose() * g), transformed, transformedBias));
            QVERIFY(check(P * g, weights, bias));
            QVERIFY(check(P.transpose() * g, coordinates, coordinatesBias));
        }
    }

    // Patches times P have mean 0 and deviation 1 where no window reaches over the border.
    void patchesAreStandardizedWithoutPadding() {
        const Conv2d<double> convolution(map, 2, WindowRule::square(1));
        const WeightShape& shape = convolution.weightShape();
        const auto& entry = preconditioningCatalog().at("bnp");
        Parameters values(entry);
        values.set("rho", 0.0 + 1e-12);
        values.set("epsilon1", 0.0);
        values.set("epsilon2", 0.0);
        const auto layer = entry.make<double>(values)->makeLayer(0);
        layer->bind(shape);
        const Matrix<double> x = maps(1);
        layer->observe(x);
        Matrix<double> patches(shape.fanIn(), 30 * samples);
        convolution.unroll(x, 0, patches);
        // units that each pick one input: what they give in the coordinates z is that input standardized
        Matrix<double> W = Matrix<double>::Identity(4, 4);
        Vector<double> b = Vector<double>::Zero(4);
        layer->toWeights(W, b, 100);
        const Matrix<double> z = (W * patches).colwise() + b;
        QVERIFY(z.rowwise().mean().cwiseAbs().maxCoeff() < 1e-9);
        QVERIFY(((z.array().square().rowwise().mean()) - 1).abs().maxCoeff() < 1e-9);
    }
};

QTEST_APPLESS_MAIN(ConvolutionTest)
#include "convolution_test.moc"
