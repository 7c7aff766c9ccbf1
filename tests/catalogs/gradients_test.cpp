// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/loss_cases.h"
#include "tests/support/network_rows.h"
#include "tests/support/random_network.h"

#include <QTest>

#include <utility>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double step = 2e-5;
// Differences of fourth order leave step^4 times a fifth derivative, which the statistics of two samples that
// nearly agree make large (1e10); rounding leaves 1e-16/step. Relative to the largest derivative.
constexpr double tolerance = 3e-8;

struct Problem {
    Network<double>& network;
    const Loss<double>& loss;
    const Targets<double>& targets;
    Matrix<double> x;
    std::vector<int> samples;

    double value() {
        Matrix<double> z = network.forward(x, Mode::Training), dz = z;
        return loss.gradient(z, targets, samples, dz);
    }
    Vector<double> gradient() {
        Matrix<double> z = network.forward(x, Mode::Training), dz = z;
        loss.gradient(z, targets, samples, dz);
        network.gradient().setConstant(std::numeric_limits<double>::quiet_NaN()); // must be overwritten
        network.backward(x, dz);
        return network.gradient();
    }
    double valueWith(double& parameter, double changed) {
        const double before = std::exchange(parameter, changed);
        const double result = value();
        parameter = before;
        return result;
    }
    Vector<double> differences() {
        Vector<double> slopes(network.theta().size());
        for (Index i = 0; i < slopes.size(); ++i) {
            double& p = network.theta()[i];
            const double near = valueWith(p, p + step) - valueWith(p, p - step);
            const double far = valueWith(p, p + 2 * step) - valueWith(p, p - 2 * step);
            slopes[i] = (8 * near - far) / (12 * step);
        }
        return slopes;
    }
};

} // namespace

/// The gradient of the mini-batch loss against central differences, for every activation, normalization (with
/// every setting of its switches), loss and for batches of one, two and more samples.
class GradientsTest : public QObject {
    Q_OBJECT

    static void compare(const Variant& normalization, const MethodSpec& activation,
                        const LossCase& lossCase) {
        const auto loss = lossCase.entry->make<double>(Parameters(*lossCase.entry));
        const Targets<double> targets = loss->targets(lossCase.data);
        const auto network = randomNetwork<double>(3, {5, 4}, loss->outputs(lossCase.data), activation,
                                                   normalization.spec, 17);
        network->reserve(7);
        for (const Index batch : {1, 2, 7}) {
            Problem problem{*network, *loss, targets, 2 * randomMatrix<double>(3, batch, 23),
                            firstSamples(batch)};
            const Vector<double> gradient = problem.gradient(), slopes = problem.differences();
            const double scale = std::max(1.0, slopes.cwiseAbs().maxCoeff());
            const double error = (gradient - slopes).cwiseAbs().maxCoeff() / scale;
            const std::string where = lossCase.name() + ", batch of " + std::to_string(batch) + ": " +
                                      std::to_string(error / tolerance) + " of the tolerance";
            QVERIFY2(error < tolerance, where.c_str());
            QVERIFY2(gradient.cwiseAbs().maxCoeff() > 0, where.c_str());
        }
    }

private slots:
    void everyGradientIsThatOfTheLoss_data() { addNetworkRows(); }
    void everyGradientIsThatOfTheLoss() {
        QFETCH(int, normalization);
        QFETCH(QString, activation);
        for (const auto& lossCase : lossCases(3, 7)) {
            compare(normalizationVariants()[static_cast<std::size_t>(normalization)],
                    activationSpec(activation.toStdString()), lossCase);
            if (QTest::currentTestFailed()) return;
        }
    }
};

QTEST_APPLESS_MAIN(GradientsTest)
#include "gradients_test.moc"
