// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/curvature.h"
#include "tests/support/network_rows.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double step = 1e-4;
// Differences of fourth order leave step^4 times a fifth derivative of the gradient; rounding 1e-16/step.
constexpr double tolerance = 1e-7;

double relative(const Matrix<double>& a, const Matrix<double>& b) {
    return (a - b).cwiseAbs().maxCoeff() / std::max(1.0, b.cwiseAbs().maxCoeff());
}

/// J^T (d^2 L/dz^2) J with J by differences of the outputs.
Matrix<double> gaussNewtonByDifferences(const CurvatureProblem& problem) {
    const Matrix<double>& x = problem.data->x;
    Network<double> network(*problem.network);
    network.reserve(x.cols());
    const auto outputs = [&](const Vector<double>& theta) -> Vector<double> {
        network.theta() = theta;
        return Matrix<double>(network.forward(x, problem.mode)).reshaped();
    };
    const Matrix<double> J = differences(outputs, problem.network->theta(), step);
    const Matrix<double> z = outputs(problem.network->theta()).reshaped(network.outputs(), x.cols());
    Matrix<double> HJ = J;
    for (Index i = 0; i < J.cols(); ++i) {
        const Matrix<double> zDot = J.col(i).reshaped(z.rows(), z.cols());
        Matrix<double> product(z.rows(), z.cols());
        problem.loss->hessianTimes(z, problem.data->targets, problem.data->samples, zDot, product);
        HJ.col(i) = product.reshaped();
    }
    return J.transpose() * HJ;
}

} // namespace

/// Hessian and Gauss-Newton products of every activation, normalization (with every setting of its switches),
/// loss and mode, against differences of the gradient, which the test of gradients holds to the loss.
class HessiansTest : public QObject {
    Q_OBJECT

    static void compare(CurvatureProblem problem, const std::string& where) {
        HessianOperator op(problem);
        const Matrix<double> H = matrixOf(op);
        const auto gradient = [&op](const Vector<double>& theta) -> Vector<double> {
            op.moveTo(theta);
            return op.gradient();
        };
        const Matrix<double> expected = differences(gradient, problem.network->theta(), step);
        const double error = relative(H, expected);
        QVERIFY2(error < tolerance,
                 (where + ", Hessian: " + std::to_string(error / tolerance) + " of the tolerance").c_str());
        QVERIFY2(relative(H, H.transpose()) < 1e-13, (where + ": not symmetric").c_str());

        problem.matrix = CurvatureMatrix::GaussNewton;
        HessianOperator gaussNewton(problem);
        const double other = relative(matrixOf(gaussNewton), gaussNewtonByDifferences(problem));
        QVERIFY2(
            other < tolerance,
            (where + ", Gauss-Newton: " + std::to_string(other / tolerance) + " of the tolerance").c_str());
    }

private slots:
    void everyHessianIsThatOfTheLoss_data() { addNetworkRows(); }
    void everyHessianIsThatOfTheLoss() {
        QFETCH(int, normalization);
        QFETCH(QString, activation);
        for (const Index batch : {1, 7})
            for (const Mode mode : {Mode::Training, Mode::Evaluation})
                for (const auto& lossCase : lossCases(3, batch)) {
                    auto problem = randomProblem(
                        lossCase, {4, 3}, activationSpec(activation.toStdString()),
                        normalizationVariants()[static_cast<std::size_t>(normalization)].spec, 17);
                    problem.mode = mode;
                    compare(problem, lossCase.name() + ", batch of " + std::to_string(batch) +
                                         (mode == Mode::Training ? ", training" : ", evaluation"));
                    if (QTest::currentTestFailed()) return;
                }
    }
};

QTEST_APPLESS_MAIN(HessiansTest)
#include "hessians_test.moc"
