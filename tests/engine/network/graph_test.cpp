// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/network_catalog.h"
#include "tests/support/allocations.h"
#include "tests/support/curvature.h"
#include "tests/support/input_errors.h"
#include "tests/support/map_networks.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr Index classes = 3, samples = 5;
const MapShape image{2, 9, 8};

std::unique_ptr<Network<double>> smooth(const MethodSpec& normalization, std::uint64_t seed = 2) {
    auto network =
        mapNetwork<double>(manyLayers("tanh", "average_pool"), image, classes, normalization, seed);
    network->theta() *= 0.5; // far from the ends of tanh
    return network;
}

CurvatureProblem problemOf(const MethodSpec& normalization, Mode mode) {
    const Dataset data = classification(classes, image.features(), samples);
    CurvatureProblem problem;
    const auto& entry = lossCatalog().at("cross_entropy");
    problem.loss = entry.make<double>(Parameters(entry));
    problem.network = smooth(normalization);
    problem.data = allSamples(data, *problem.loss);
    problem.mode = mode;
    return problem;
}

template<class S>
struct Pass {
    Vector<S> gradient;
    Matrix<S> evaluated;
};

/// Gradient in training mode and outputs in evaluation mode, shared by so many threads (0: no team).
template<class S>
Pass<S> passWith(int threads, Index batch, const MethodSpec& normalization) {
    const auto network = mapNetwork<S>(manyLayers("relu"), image, classes, normalization, 3);
    network->reserve(batch);
    const Matrix<S> x = randomMatrix<S>(image.features(), batch, 5);
    Matrix<S> dz = randomMatrix<S>(classes, batch, 6);
    std::unique_ptr<StepTeam> team;
    if (threads > 0) team = std::make_unique<StepTeam>(threads);
    network->setTeam(team.get());
    network->forward(x, Mode::Training);
    network->backward(x, dz);
    return {network->gradient(), network->forward(x, Mode::Evaluation)};
}

QString refusal(const std::vector<LayerSpec>& layers, const MapShape& inputs = image) {
    return inputErrorOf([&] { planLayers(layers, inputs, classes, "model.layers"); });
}

} // namespace

class GraphTest : public QObject {
    Q_OBJECT

private slots:
    void shapesFollowFromTheLayers() {
        const NetworkPlan plan = planLayers(manyLayers("relu"), image, classes, "model.layers");
        std::vector<std::string> shapes;
        for (const PlannedLayer& planned : plan.layers)
            shapes.push_back(planned.layer->kind() + ' ' + planned.layer->outputShape().text());
        const std::vector<std::string> expected{"channels_last 2 x 9 x 8",
                                                "conv2d 4 x 9 x 8",
                                                "relu 4 x 9 x 8",
                                                "max_pool 4 x 5 x 4",
                                                "conv2d 4 x 5 x 4",
                                                "relu 4 x 5 x 4",
                                                "conv2d 4 x 5 x 4",
                                                "add 4 x 5 x 4",
                                                "relu 4 x 5 x 4",
                                                "conv2d 6 x 3 x 2",
                                                "relu 6 x 3 x 2",
                                                "conv2d 6 x 3 x 2",
                                                "conv2d 6 x 3 x 2",
                                                "add 6 x 3 x 2",
                                                "relu 6 x 3 x 2",
                                                "average_pool 6 x 2 x 1",
                                                "flatten 12",
                                                "dense 5",
                                                "relu 5",
                                                "dense 5",
                                                "relu 5",
                                                "add 5",
                                                "dense 3"};
        QCOMPARE(shapes, expected);
        QCOMPARE(plan.layers[3].place, std::string("model.layers[2]"));
        QCOMPARE(plan.layers[5].place, std::string("model.layers[3].layers[1]"));
        QCOMPARE(plan.layers[7].sources, (Sources{3, 6}));
        QCOMPARE(plan.layers[13].sources, (Sources{12, 11}));
    }

    void whatDoesNotFitIsRefusedAtItsPlace() {
        QCOMPARE(
            refusal({layer("dense")}),
            QString("model.layers[0]: a dense layer receives maps of 2 x 9 x 8, expected plain features. Put "
                    "\"flatten\" or \"global_average_pool\" before it."));
        QVERIFY(refusal({conv(4, 3, 1, 1)})
                    .startsWith("model.layers: the output layer, behind the last one, "
                                "receives maps of 4 x 9 x 8"));
        QVERIFY(refusal({conv(4, 3, 1, 0)}, 6)
                    .startsWith("model.layers[0]: a convolution receives 6 plain features"));
        QVERIFY(
            refusal({layer("flatten"), layer("max_pool")}).startsWith("model.layers[1]: a pooling layer"));
        QCOMPARE(
            refusal({layer("max_pool"), conv(4, 7, 1, 0)}),
            QString(
                "model.layers[1]: a window of 7 x 7 does not fit on maps of 2 x 4 x 4 with padding 0. Take a "
                "smaller kernel, more padding, or fewer strides before it."));
        QCOMPARE(
            refusal({conv(4, 3, 4, 0), layer("relu"), conv(8, 2, 1, 0), layer("relu"), layer("max_pool")}),
            QString("model.layers[4]: a pooling layer receives maps of 8 x 1 x 1, which model.layers[2] "
                    "has shrunk to one position. Give that layer a smaller kernel or more padding."));
        QVERIFY(refusal({conv(4, 3, 4, 0), conv(8, 2, 1, 0), layer("dense"), layer("max_pool")})
                    .contains("plain features"));
        LayerSpec padded = layer("max_pool");
        padded.parameters.set("padding", Extent{2, 0});
        QCOMPARE(refusal({padded}),
                 QString("model.layers[0].padding: 2 x 0 is more than half of the kernel, 2, "
                         "expected at most 1 x 1."));
        QVERIFY(refusal({layer("global_average_pool"), conv(4, 3, 1, 1)}).contains("plain features"));
        QVERIFY(
            refusal({conv(4, 3, 1, 1, 4)}).startsWith("model.layers[0].groups: 4 groups do not divide both"));
        QCOMPARE(
            refusal({conv(4, 3, 1, 1), layer("residual", {}, {conv(4, 3, 2, 1)})}),
            QString(
                "model.layers[1]: the branch gives 4 x 5 x 4, its shortcut 4 x 9 x 8; only equal shapes can "
                "be added. Take \"shortcut\": \"projection\", or make the branch keep its shape (padding)."));
        QVERIFY(
            refusal({layer("residual")}).startsWith("model.layers[0].layers: a residual block needs layers"));
        QVERIFY(refusal({layer("residual", {}, {layer("flatten"), layer("max_pool")})})
                    .startsWith("model.layers[0].layers[1]: a pooling layer"));
    }

    void namedNetworksHaveTheirKnownSizes() {
        const auto parameters = [](const char* name, const MapShape& inputs) {
            return planLayers(networkCatalog().at(name).layers, inputs, 10, name).parameters();
        };
        QCOMPARE(parameters("mlp", {1, 28, 28}), 99'710.0);
        QCOMPARE(parameters("lenet", {1, 28, 28}), 61'706.0); // as LeNet-5 with 16 maps that see all 6
        QCOMPARE(parameters("cnn5", {3, 32, 32}), 122'570.0); // 896 + 18496 + 36928 + 65600 + 650
        // He et al., table 6: 0.27 M and 1.7 M. Kernels, projections, biases, the output layer:
        QCOMPARE(parameters("resnet20", {3, 32, 32}), 267'696.0 + 2'560 + 784 + 650);
        QVERIFY(std::abs(parameters("resnet110", {3, 32, 32}) / 1.73e6 - 1) < 0.01);
        QVERIFY(std::abs(parameters("resnet18", {3, 32, 32}) / 11.17e6 - 1) < 0.01);
    }

    // The whole network against fourth-order differences of the loss, through joins and shortcuts.
    void gradientsAreDerivatives() {
        for (const char* key : {"none", "batch_norm", "group_norm", "layer_norm"}) {
            MethodSpec normalization{key, Parameters(normalizationCatalog().at(key))};
            for (const Mode mode : {Mode::Training, Mode::Evaluation}) {
                CurvatureProblem problem = problemOf(normalization, mode);
                HessianOperator op(problem);
                const Vector<double> theta = op.network().theta(), gradient = op.gradient();
                const Vector<double> direction = randomVector<double>(theta.size(), 9).normalized();
                const auto lossAt = [&](double r) {
                    op.moveTo(theta + r * direction);
                    return op.loss();
                };
                constexpr double h = 1e-3;
                const double slope =
                    (8 * (lossAt(h) - lossAt(-h)) - (lossAt(2 * h) - lossAt(-2 * h))) / (12 * h);
                QVERIFY2(std::abs(slope - gradient.dot(direction)) < 1e-7 * (1 + std::abs(slope)), key);
            }
        }
    }

    // Pearlmutter's product against differences of the gradient, and its symmetry.
    void hessianProductsAreDerivativesOfTheGradient() {
        for (const char* key : {"none", "batch_norm", "group_norm"}) {
            MethodSpec normalization{key, Parameters(normalizationCatalog().at(key))};
            HessianOperator op(problemOf(normalization, Mode::Training));
            const Vector<double> theta = op.network().theta();
            const Vector<double> v = randomVector<double>(theta.size(), 9).normalized(),
                                 u = randomVector<double>(theta.size(), 10).normalized();
            Vector<double> Hv(theta.size()), Hu(theta.size());
            op.apply(v, Hv);
            op.apply(u, Hu);
            QVERIFY(std::abs(u.dot(Hv) - v.dot(Hu)) < 1e-11 * Hv.norm() * u.norm());
            const auto gradientAt = [&](double r) {
                op.moveTo(theta + r * v);
                return Vector<double>(op.gradient());
            };
            constexpr double h = 1e-3;
            const Vector<double> expected =
                (8 * (gradientAt(h) - gradientAt(-h)) - (gradientAt(2 * h) - gradientAt(-2 * h))) / (12 * h);
            QVERIFY2((Hv - expected).norm() < 1e-6 * expected.norm(), key);
        }
    }

    void anyNumberOfThreadsGivesTheSameBits() {
        for (const char* key : {"none", "batch_norm", "layer_norm"}) {
            const MethodSpec normalization{key, Parameters(normalizationCatalog().at(key))};
            for (const Index batch : {2, 19}) {
                const auto alone = passWith<float>(0, batch, normalization);
                for (const int threads : {1, 2, 3}) {
                    const auto shared = passWith<float>(threads, batch, normalization);
                    QVERIFY2(shared.gradient == alone.gradient, key);
                    QVERIFY2(shared.evaluated == alone.evaluated, key);
                }
            }
        }
    }

    void aPassAllocatesNothing() {
        for (const char* key : {"none", "batch_norm", "group_norm"}) {
            const MethodSpec normalization{key, Parameters(normalizationCatalog().at(key))};
            const auto network = mapNetwork<float>(manyLayers("relu"), image, classes, normalization, 3);
            network->reserve(8);
            const Matrix<float> x = randomMatrix<float>(image.features(), 8, 5);
            Matrix<float> dz = randomMatrix<float>(classes, 8, 6);
            QVERIFY2(countAllocations([&] {
                         network->forward(x, Mode::Training);
                         network->backward(x, dz);
                         network->forward(x, Mode::Evaluation);
                     }) <= 0,
                     key);
        }
    }

    void copiesAreAlike() {
        const auto network = smooth({"none", {}});
        const Network<double> copy(*network);
        QVERIFY(copy.sources() == network->sources());
        const Matrix<double> x = randomMatrix<double>(image.features(), samples, 5);
        Network<double> other(copy);
        network->reserve(samples);
        other.reserve(samples);
        QVERIFY(other.forward(x, Mode::Evaluation) == network->forward(x, Mode::Evaluation));
    }
};

QTEST_APPLESS_MAIN(GraphTest)
#include "graph_test.moc"
