// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/convolution_blocks.h"

#include "engine/curvature/condition_number.h"
#include "engine/curvature/dense_spectrum.h"
#include "engine/curvature/neuron_blocks.h"

#include "engine/network/conv2d.h"
#include "tests/support/curvature.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index classes = 3, samples = 4;
const MapShape image{2, 6, 5};

HessianOperator operatorOf(CurvatureMatrix matrix) {
    const std::vector<LayerSpec> layers{
        conv(4, 3, 1, 1), layer("tanh"),         layer("residual", {}, {conv(4, 3, 1, 1, 2), layer("tanh")}),
        layer("tanh"),    layer("average_pool"), layer("flatten")};
    const Dataset data = classification(classes, image.features(), samples);
    CurvatureProblem problem;
    const auto& entry = lossCatalog().at("cross_entropy");
    problem.loss = entry.make<double>(Parameters(entry));
    auto network = mapNetwork<double>(layers, image, classes, {"none", {}}, 3);
    network->theta() *= 0.5;
    problem.network = std::move(network);
    problem.data = allSamples(data, *problem.loss);
    problem.matrix = matrix;
    return HessianOperator(problem);
}

/// Where a unit's parameters stand in theta, bias first.
std::vector<Index> placesOf(const Network<double>& network, int d, Index unit) {
    const WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
    const Index offset = layerRange(network, d).offset, units = layer.outputChannels();
    std::vector<Index> places{offset + layer.fanIn() * units + unit};
    for (Index k = 0; k < layer.fanIn(); ++k)
        places.push_back(offset + k * units + unit);
    return places;
}

/// The rows and columns of a unit in the whole matrix.
Matrix<double> partOf(const Matrix<double>& whole, const Network<double>& network, int d, Index unit) {
    const std::vector<Index> places = placesOf(network, d, unit);
    return whole(places, places);
}

std::shared_ptr<Preconditioner<double>> bnpOf(const HessianOperator& op, int d) {
    const auto& entry = preconditioningCatalog().at("bnp");
    std::shared_ptr<Preconditioner<double>> bnp = entry.make<double>(Parameters(entry))->makeLayer(1);
    bnp->bind(op.network().weighted()[static_cast<std::size_t>(d)]->weightShape());
    bnp->observe(op.inputOfWeighted(d));
    return bnp;
}

} // namespace

class ConvolutionBlocksTest : public QObject {
    Q_OBJECT

private slots:
    void factorsMakeTheBlocksOfTheGaussNewtonMatrix() {
        HessianOperator op = operatorOf(CurvatureMatrix::GaussNewton);
        const Matrix<double> whole = matrixOf(op);
        for (const int d : {0, 1}) {
            const std::vector<Index> channels{0, 1, 3};
            const auto factors = channelFactors(op, d, channels);
            for (std::size_t c = 0; c < channels.size(); ++c) {
                const Matrix<double> expected = partOf(whole, op.network(), d, channels[c]);
                QCOMPARE(factors[c].rows(), samples * classes);
                QVERIFY(expected.norm() > 1e-6);
                QVERIFY((factors[c].transpose() * factors[c] - expected).norm() < 1e-12 * expected.norm());
            }
        }
    }

    void blocksAreThoseOfTheOperator() {
        HessianOperator op = operatorOf(CurvatureMatrix::Hessian);
        const Matrix<double> whole = matrixOf(op);
        for (const int d : {0, 1, 2}) {
            const Matrix<double> expected = partOf(whole, op.network(), d, 2);
            QVERIFY((unitBlock(op, d, 2) - expected).norm() < 1e-12 * expected.norm());
        }
    }

    // BNP makes the patches of badly scaled channels, and with them the blocks, better conditioned.
    void conditioningOfALayer() {
        HessianOperator op = operatorOf(CurvatureMatrix::GaussNewton);
        const WeightedLayer<double>& layer = *op.network().weighted()[1];
        const auto bnp = bnpOf(op, 1);
        const LayerConditioning measured =
            layerConditioning(op, 1, {.preconditioner = bnp, .batch = samples, .mostNeurons = 2});
        QCOMPARE(measured.inputs, layer.fanIn());
        QCOMPARE(measured.units, Index{4});
        QCOMPARE(measured.blocks.size(), std::size_t{2});
        const Matrix<double> A = channelFactors(op, 1, {2}).front();
        const Matrix<double> P = factorOf(*bnp, layer.weightShape(), 1, samples);
        const NeuronBlock& block = measured.blocks[1];
        QCOMPARE(block.unit, Index{2});
        const Vector<double> after = singularValues(A * P);
        QVERIFY(std::abs(block.preconditioned.value / kappaStar(after, block.rank).value - 1) < 1e-9);
        QVERIFY(measured.input.usable() && measured.preconditioned.usable());

        // The same from the block itself, of a full rank small enough for eigenvalues.
        Vector<double> Pg = Vector<double>::Zero(layer.fanIn() + 1);
        for (Index k = 0; k < Pg.size(); ++k) { // P^T applied as the preconditioner applies it
            Matrix<double> Gw = Matrix<double>::Zero(4, layer.fanIn());
            Vector<double> Gb = Vector<double>::Zero(4);
            (k == 0 ? Gb[2] : Gw(2, k - 1)) = 1;
            bnp->toCoordinates(Gw, Gb, samples);
            Pg << Gb[2], Gw.row(2).transpose();
            QVERIFY((Pg - P.row(k).transpose()).norm() < 1e-13);
        }
    }

    // D scales every parameter in its own way: a channel's block becomes P^T D^(1/2) B D^(1/2) P.
    void channelsMeetTheOptimizersScaleToo() {
        for (const CurvatureMatrix matrix : {CurvatureMatrix::GaussNewton, CurvatureMatrix::Hessian}) {
            HessianOperator op = operatorOf(matrix);
            const Matrix<double> whole = matrixOf(op);
            const Vector<double> root = (0.5 * randomVector<double>(op.size(), 8)).array().exp();
            const Matrix<double> scaled = root.asDiagonal() * whole * root.asDiagonal();
            for (const int d : {0, 1})
                for (const bool preconditioned : {false, true}) {
                    LayerOptions options{.batch = samples, .root = &root};
                    if (preconditioned) options.preconditioner = bnpOf(op, d);
                    const LayerConditioning measured = layerConditioning(op, d, options);
                    QCOMPARE(measured.blocks.size(), std::size_t{4});
                    int compared = 0;
                    for (const NeuronBlock& block : measured.blocks) {
                        Matrix<double> expected = partOf(scaled, op.network(), d, block.unit);
                        if (preconditioned) {
                            const WeightShape& shape =
                                op.network().weighted()[static_cast<std::size_t>(d)]->weightShape();
                            const Matrix<double> P = factorOf(*options.preconditioner, shape,
                                                              block.unit / shape.unitsOfGroup(), samples);
                            expected = (P.transpose() * expected * P).eval();
                        }
                        Vector<double> sizes = denseSpectrum(expected).eigenvalues.cwiseAbs();
                        std::ranges::sort(sizes, std::greater<>());
                        const double kappa = sizes[0] / sizes[block.rank - 1];
                        if (kappa > 1e9) continue; // lost in the rounding of the explicit matrix
                        ++compared;
                        QVERIFY2(std::abs(block.preconditioned.value / kappa - 1) < 1e-5,
                                 qPrintable(QString("%1 %2").arg(kappa).arg(block.preconditioned.value)));
                        QVERIFY(std::abs(block.preconditioned.value / block.kappa.value - 1) > 1e-3);
                    }
                    QVERIFY(compared > 0);
                }
        }
    }

    // The patches are those whose product with W is what the convolution gives.
    void patchesAreWhatTheUnitsSee() {
        HessianOperator op = operatorOf(CurvatureMatrix::Hessian);
        Network<double> network(op.network());
        network.reserve(samples);
        network.forward(op.problem().data->x, Mode::Training);
        for (const int d : {0, 1}) {
            WeightedLayer<double>& layer = *network.weighted()[static_cast<std::size_t>(d)];
            const auto given = network.outputOf(network.positionOfWeighted(d), samples);
            for (Index unit = 0; unit < layer.outputChannels(); ++unit) {
                const Matrix<double> H =
                    patchMatrix(op, d, unit / layer.weightShape().unitsOfGroup(), 1'000'000);
                Vector<double> w(layer.fanIn() + 1);
                w << layer.bias()[unit], layer.weight().row(unit).transpose();
                const Vector<double> a = H * w;
                QCOMPARE(a.size(), samples * layer.positions());
                for (Index n = 0; n < samples; ++n)
                    for (Index p = 0; p < layer.positions(); ++p)
                        QVERIFY(std::abs(a[n * layer.positions() + p] -
                                         given(p * layer.outputChannels() + unit, n)) < 1e-12);
            }
            const Matrix<double> all = patchMatrix(op, d, 0, 1'000'000), few = patchMatrix(op, d, 0, 7);
            QCOMPARE(few.rows(), Index{7});
            for (Index r = 0; r < 7; ++r)
                QVERIFY(few.row(r) == all.row(r * all.rows() / 7));
        }
    }
};

QTEST_APPLESS_MAIN(ConvolutionBlocksTest)
#include "convolution_blocks_test.moc"
