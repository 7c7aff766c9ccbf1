// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/curvature.h"
#include "tests/support/fixture.h"
#include "tests/support/layer_cases.h"
#include "tests/support/map_networks.h"
#include "tests/support/torch_case.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double tolerance = 1e-10; // relative to the largest element
constexpr Index classes = 3, samples = 5;
const MapShape image{2, 9, 8};

/// A whole network of maps: two kinds of convolution, both shortcuts, poolings, a normalization or none.
struct MapCase {
    std::string name;
    MethodSpec normalization;
    Mode mode;
    CurvatureProblem problem;

    MapCase(const char* activation, const char* pool, const char* method, Mode which)
        : name(std::string(activation) + ", " + pool + ", " + method),
          normalization{method, Parameters(normalizationCatalog().at(method))}, mode(which) {
        const auto& entry = lossCatalog().at("cross_entropy");
        problem.loss = entry.make<double>(Parameters(entry));
        auto network = mapNetwork<double>(manyLayers(activation, pool), image, classes, normalization, 2);
        network->theta() *= 0.5;
        problem.network = std::move(network);
        problem.data = allSamples(classification(classes, image.features(), samples), *problem.loss);
        problem.mode = mode;
    }

    json tensors(const Vector<double>& flat) const {
        json all = json::object();
        for (const auto& block : problem.network->blocks())
            all[block.name] = listOf(Eigen::Map<const Matrix<double>>(flat.data() + block.offset,
                                                                      block.shape.rows, block.shape.cols),
                                     block.shape.vector);
        return all;
    }

    json layerTask(std::size_t l) const {
        const Network<double>& network = *problem.network;
        const Layer<double>& one = network.layer(l);
        const auto list = [](const MapShape& shape) {
            return json{shape.channels, shape.height, shape.width};
        };
        json task = json::object();
        if (const auto* convolution = dynamic_cast<const Conv2d<double>*>(&one)) {
            task = detail::json(convolution->rule());
            task["groups"] = convolution->weightShape().groups;
        } else if (const auto* largest = dynamic_cast<const MaxPool2d<double>*>(&one)) {
            task = detail::json(largest->rule());
        } else if (const auto* mean = dynamic_cast<const AveragePool2d<double>*>(&one)) {
            task = detail::json(mean->rule());
        } else if (const auto* group = dynamic_cast<const GroupNormLayer<double>*>(&one)) {
            task["groups"] = group->groups();
        }
        const json numbers = numbersOf(normalization.parameters);
        for (const auto& [key, value] : numbers.items())
            task[key] = value;
        const Sources sources = network.sources(l);
        task["kind"] = one.kind();
        task["prefix"] = network.tensorPrefix(l);
        task["sources"] = {sources.from, sources.joined};
        task["in"] = list(one.inputShape());
        task["out"] = list(one.outputShape());
        return task;
    }

    json task(const Vector<double>& v) const {
        Network<double> network(*problem.network);
        json task{{"layers", json::array()},
                  {"tensors", tensors(network.theta())},
                  {"x", listOf(problem.data->x.transpose(), false)},
                  {"labels", problem.data->targets.labels},
                  {"training", mode == Mode::Training},
                  {"v", tensors(v)}};
        for (std::size_t l = 0; l < network.depth(); ++l)
            task["layers"].push_back(layerTask(l));
        for (const auto& [key, buffer] : network.buffers())
            task["tensors"][key] = listOf(VectorMap<double>(buffer.data, buffer.shape.size()), true);
        return task;
    }

    /// The largest difference over the largest element.
    double error(const Vector<double>& ours, const json& theirs) const {
        double difference = 0, largest = 0;
        for (const auto& block : problem.network->blocks()) {
            const json& values = theirs.at(block.name);
            const Matrix<double> expected =
                block.shape.vector ? Matrix<double>(vectorOf(values)) : matrixOf(values);
            const Eigen::Map<const Matrix<double>> own(ours.data() + block.offset, block.shape.rows,
                                                       block.shape.cols);
            difference = std::max(difference, (own - expected).cwiseAbs().maxCoeff());
            largest = std::max(largest, expected.cwiseAbs().maxCoeff());
        }
        return difference / largest;
    }
};

} // namespace

/// Products with the Hessian of whole networks of maps against PyTorch, which differentiates twice.
class MapHessiansTorchTest : public QObject {
    Q_OBJECT

private slots:
    void productsAgreeWithPyTorch() {
        std::vector<MapCase> cases;
        for (const char* normalization : {"none", "batch_norm", "layer_norm"})
            for (const Mode mode : {Mode::Training, Mode::Evaluation}) {
                cases.emplace_back("tanh", "average_pool", normalization, mode);
                cases.emplace_back("gelu", "max_pool", normalization, mode);
            }
        json task{{"cases", json::array()}};
        std::vector<Vector<double>> directions;
        for (const MapCase& one : cases) {
            directions.push_back(randomVector<double>(one.problem.network->theta().size(), 41));
            task["cases"].push_back(one.task(directions.back()));
        }
        const auto answers = askTorch("map_hessians.py", task);
        if (!answers) QSKIP("PyTorch is not installed for /usr/bin/python3");
        QCOMPARE(answers->size(), cases.size());
        for (std::size_t i = 0; i < cases.size(); ++i) {
            HessianOperator op(cases[i].problem);
            Vector<double> product(op.size());
            op.apply(directions[i], product);
            const json& theirs = answers->at(i);
            const double inGradient = cases[i].error(op.gradient(), theirs.at("gradient"));
            const double inProduct = cases[i].error(product, theirs.at("hessian"));
            QVERIFY2(std::abs(op.loss() - theirs.at("loss").get<double>()) < tolerance,
                     cases[i].name.c_str());
            QVERIFY2(inGradient < tolerance && inProduct < tolerance,
                     qPrintable(QString("%1: gradient by %2, product by %3")
                                    .arg(QString::fromStdString(cases[i].name))
                                    .arg(inGradient)
                                    .arg(inProduct)));
        }
    }
};

QTEST_GUILESS_MAIN(MapHessiansTorchTest)
#include "map_hessians_torch_test.moc"
