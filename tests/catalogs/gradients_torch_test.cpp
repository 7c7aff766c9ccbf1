// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/network/activation_layer.h"
#include "tests/support/fixture.h"
#include "tests/support/loss_cases.h"
#include "tests/support/random_network.h"
#include "tests/support/torch.h"
#include "tests/support/variants.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;
using nlohmann::json;

namespace {

constexpr Index batch = 9;
constexpr double tolerance = 1e-10; // PyTorch's own sums, in float64

json listOf(const Matrix<double>& matrix, bool vector) {
    json rows = json::array();
    for (Index i = 0; i < matrix.rows(); ++i) {
        if (vector)
            rows.push_back(matrix(i, 0));
        else
            rows.push_back(std::vector<double>(matrix.cols()));
        for (Index j = 0; !vector && j < matrix.cols(); ++j)
            rows.back()[static_cast<std::size_t>(j)] = matrix(i, j);
    }
    return rows;
}

json numbersOf(const Parameters& parameters) {
    json values = json::object();
    for (const auto& [key, value] : parameters.values())
        if (const auto* number = std::get_if<double>(&value)) values[key] = *number;
    return values;
}

/// One network with a mini-batch and a loss; asks the same of us and of PyTorch.
struct Case {
    std::string name;
    MethodSpec normalization;
    LossCase lossCase;
    std::unique_ptr<Network<double>> network;
    Matrix<double> x = 2 * randomMatrix<double>(3, batch, 23);

    Matrix<double> tensor(const Vector<double>& flat, const ParameterBlock& block) const {
        return Eigen::Map<const Matrix<double>>(flat.data() + block.offset, block.shape.rows,
                                                block.shape.cols);
    }

    json task() const {
        json layers = json::array(), tensors = json::object();
        for (std::size_t l = 0; l < network->depth(); ++l) {
            const auto& layer = network->layer(l);
            const auto* activation = dynamic_cast<const ActivationLayer<double>*>(&layer);
            layers.push_back({{"kind", layer.kind()},
                              {"prefix", network->tensorPrefix(l)},
                              {"values", numbersOf(activation ? activation->method().parameters
                                                              : normalization.parameters)}});
        }
        for (const auto& block : network->blocks())
            tensors[block.name] = listOf(tensor(network->theta(), block), block.shape.vector);
        for (const auto& [key, buffer] : network->buffers())
            tensors[key] = listOf(VectorMap<double>(buffer.data, buffer.shape.size()), true);
        return {{"layers", layers},
                {"tensors", tensors},
                {"x", listOf(x.transpose(), false)},
                {"loss", lossCase.entry->key},
                {"targets", targets()}};
    }

    json targets() const {
        const auto all = lossCase.entry->make<double>(Parameters(*lossCase.entry))->targets(lossCase.data);
        return all.values.size() > 0 ? listOf(all.values.transpose(), false) : json(all.labels);
    }

    /// Empty when we agree with PyTorch's answer, else where we do not.
    std::string disagreement(const json& answer) const {
        const auto loss = lossCase.entry->make<double>(Parameters(*lossCase.entry));
        Matrix<double> dz(network->outputs(), batch);
        const double value = loss->gradient(network->forward(x, Mode::Training), loss->targets(lossCase.data),
                                            firstSamples(batch), dz);
        network->backward(x, dz);
        if (!(std::abs(value - answer.at("loss").get<double>()) < tolerance)) return "loss";
        for (const auto& block : network->blocks()) {
            const json& theirs = answer.at("gradients").at(block.name);
            const Matrix<double> expected =
                block.shape.vector ? Matrix<double>(vectorOf(theirs)) : matrixOf(theirs);
            if (!(difference(tensor(network->gradient(), block), expected) < tolerance)) return block.name;
        }
        for (const auto& [key, buffer] : network->buffers())
            if (!(difference(VectorMap<double>(buffer.data, buffer.shape.size()),
                             vectorOf(answer.at("buffers").at(key))) < tolerance))
                return key;
        const Matrix<double> outputs = network->forward(x, Mode::Evaluation).transpose();
        return difference(outputs, matrixOf(answer.at("outputs"))) < tolerance ? "" : "outputs";
    }
};

/// Every activation, normalization and loss; of the normalization's switches all that PyTorch has.
std::vector<Case> cases() {
    std::vector<Case> all;
    std::uint64_t seed = 0;
    for (const auto& normalization : variantsOf(normalizationCatalog())) {
        const Parameters& switches = normalization.spec.parameters;
        if (switches.has("running_variance") && switches.choice("running_variance") != "unbiased") continue;
        if (switches.has("evaluation") && switches.choice("evaluation") != "running") continue;
        for (const auto& activation : activationCatalog().keys())
            for (const auto& lossCase : lossCases(3, batch)) {
                const auto loss = lossCase.entry->make<double>(Parameters(*lossCase.entry));
                all.push_back(
                    {activation + ", " + normalization.name + ", " + lossCase.name(), normalization.spec,
                     lossCase,
                     randomNetwork<double>(3, {5, 4}, loss->outputs(lossCase.data),
                                           activationSpec(activation), normalization.spec, ++seed)});
                all.back().network->reserve(batch);
            }
    }
    return all;
}

} // namespace

/// Losses, gradients, running statistics and evaluation outputs against PyTorch's, in float64.
class GradientsTorchTest : public QObject {
    Q_OBJECT

private slots:
    void everythingAgreesWithPyTorch() {
        const std::vector<Case> all = cases();
        json task{{"cases", json::array()}};
        for (const auto& one : all)
            task["cases"].push_back(one.task());
        const auto answers = askTorch("gradients.py", task);
        if (!answers) QSKIP("PyTorch is not installed for /usr/bin/python3");
        QCOMPARE(answers->size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string wrong = all[i].disagreement(answers->at(i));
            QVERIFY2(wrong.empty(), (all[i].name + ": " + wrong).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(GradientsTorchTest)
#include "gradients_torch_test.moc"
