// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/curvature/hessian_operator.h"
#include "tests/support/fixture.h"
#include "tests/support/torch_case.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double tolerance = 1e-10; // relative to the largest element

Vector<double> directionOf(const TorchCase& one) {
    return randomVector<double>(one.network->theta().size(), 99);
}

json taskOf(const TorchCase& one, Mode mode) {
    json task = one.task();
    task["training"] = mode == Mode::Training;
    for (const auto& block : one.network->blocks())
        task["v"][block.name] = listOf(one.tensor(directionOf(one), block), block.shape.vector);
    return task;
}

/// Empty when we agree with PyTorch's products, else where we do not.
std::string disagreement(const TorchCase& one, Mode mode, CurvatureMatrix matrix, const json& answer) {
    CurvatureProblem problem;
    problem.network = std::make_shared<Network<double>>(*one.network);
    problem.loss = one.lossCase.entry->make<double>(Parameters(*one.lossCase.entry));
    auto data = std::make_shared<CurvatureData>();
    *data = {one.x, problem.loss->targets(one.lossCase.data), firstSamples(torchBatch), "all"};
    problem.data = data;
    problem.mode = mode;
    problem.matrix = matrix;
    HessianOperator op(problem);
    Vector<double> product(op.size());
    op.apply(directionOf(one), product);
    double largest = 0;
    for (const auto& block : one.network->blocks())
        largest = std::max(largest, one.tensor(product, block).cwiseAbs().maxCoeff());
    for (const auto& block : one.network->blocks()) {
        const json& theirs = answer.at(block.name);
        const Matrix<double> expected =
            block.shape.vector ? Matrix<double>(vectorOf(theirs)) : matrixOf(theirs);
        const double error = (one.tensor(product, block) - expected).cwiseAbs().maxCoeff();
        if (!(error <= tolerance * largest)) return block.name + " by " + std::to_string(error / largest);
    }
    return {};
}

} // namespace

/// Products with the Hessian and the Gauss-Newton matrix against PyTorch, which differentiates twice.
class HessiansTorchTest : public QObject {
    Q_OBJECT

    static void compare(const char* modeName, Mode mode) {
        const std::vector<TorchCase> all = torchCases();
        json task{{"cases", json::array()}};
        for (const auto& one : all)
            task["cases"].push_back(taskOf(one, mode));
        const auto answers = askTorch("hessians.py", task);
        if (!answers) QSKIP("PyTorch is not installed for /usr/bin/python3");
        QCOMPARE(answers->size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            for (const auto& [name, matrix] : {std::pair{"hessian", CurvatureMatrix::Hessian},
                                               std::pair{"gauss_newton", CurvatureMatrix::GaussNewton}}) {
                const std::string wrong = disagreement(all[i], mode, matrix, answers->at(i).at(name));
                QVERIFY2(wrong.empty(), (all[i].name + ", " + modeName + ", " + name + ": " + wrong).c_str());
            }
    }

private slots:
    void productsInTrainingModeAgreeWithPyTorch() { compare("training", Mode::Training); }
    void productsInEvaluationModeAgreeWithPyTorch() { compare("evaluation", Mode::Evaluation); }
};

QTEST_GUILESS_MAIN(HessiansTorchTest)
#include "hessians_torch_test.moc"
