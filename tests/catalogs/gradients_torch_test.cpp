// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/torch_case.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double tolerance = 1e-10; // PyTorch's own sums, in float64

/// Empty when we agree with PyTorch's answer, else where we do not.
std::string disagreement(const TorchCase& one, const json& answer) {
    const auto loss = one.lossCase.entry->make<double>(Parameters(*one.lossCase.entry));
    Matrix<double> dz(one.network->outputs(), torchBatch);
    const double value = loss->gradient(one.network->forward(one.x, Mode::Training),
                                        loss->targets(one.lossCase.data), firstSamples(torchBatch), dz);
    one.network->backward(one.x, dz);
    if (!(std::abs(value - answer.at("loss").get<double>()) < tolerance)) return "loss";
    for (const auto& block : one.network->blocks()) {
        const json& theirs = answer.at("gradients").at(block.name);
        const Matrix<double> expected =
            block.shape.vector ? Matrix<double>(vectorOf(theirs)) : matrixOf(theirs);
        if (!(difference(one.tensor(one.network->gradient(), block), expected) < tolerance))
            return block.name;
    }
    for (const auto& [key, buffer] : one.network->buffers())
        if (!(difference(VectorMap<double>(buffer.data, buffer.shape.size()),
                         vectorOf(answer.at("buffers").at(key))) < tolerance))
            return key;
    const Matrix<double> outputs = one.network->forward(one.x, Mode::Evaluation).transpose();
    return difference(outputs, matrixOf(answer.at("outputs"))) < tolerance ? "" : "outputs";
}

} // namespace

/// Losses, gradients, running statistics and evaluation outputs against PyTorch's, in float64.
class GradientsTorchTest : public QObject {
    Q_OBJECT

private slots:
    void everythingAgreesWithPyTorch() {
        const std::vector<TorchCase> all = torchCases();
        json task{{"cases", json::array()}};
        for (const auto& one : all)
            task["cases"].push_back(one.task());
        const auto answers = askTorch("gradients.py", task);
        if (!answers) QSKIP("PyTorch is not installed for /usr/bin/python3");
        QCOMPARE(answers->size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const std::string wrong = disagreement(all[i], answers->at(i));
            QVERIFY2(wrong.empty(), (all[i].name + ": " + wrong).c_str());
        }
    }
};

QTEST_GUILESS_MAIN(GradientsTorchTest)
#include "gradients_torch_test.moc"
