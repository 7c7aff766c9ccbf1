// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/optimizer.h"
#include "tests/support/fixture.h"
#include "tests/support/random_matrix.h"
#include "tests/support/torch.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr int steps = 50;
constexpr Index size = 21;
constexpr double bound = 1e-13; // 50 steps, a few roundings of 1e-16 each

nlohmann::json values(const Parameters& parameters) {
    nlohmann::json object;
    for (const auto& [key, value] : parameters.values())
        object[key] = std::get<double>(value);
    return object;
}

} // namespace

class OptimizersTorchTest : public QObject {
    Q_OBJECT

private slots:
    /// Every optimizer with its defaults, on the same gradients, beside torch.optim in float64.
    void agreesWithTorch() {
        const Matrix<double> gradients = randomMatrix<double>(size, steps, 3);
        const Vector<double> start = randomVector<double>(size, 4);
        nlohmann::json task{{"start", std::vector<double>(start.begin(), start.end())}};
        for (int t = 0; t < steps; ++t)
            task["gradients"].push_back(
                std::vector<double>(gradients.col(t).begin(), gradients.col(t).end()));
        for (const auto& entry : optimizerCatalog().entries())
            task["methods"][entry.key] = values(Parameters(entry));

        const auto answer = askTorch("optimizers.py", task);
        if (!answer) QSKIP("PyTorch is not installed for /usr/bin/python3: not compared");
        for (const auto& entry : optimizerCatalog().entries()) {
            const Parameters parameters(entry);
            const auto optimizer = entry.make<double>(parameters);
            optimizer->bind(size);
            Vector<double> theta = start;
            for (int t = 0; t < steps; ++t) {
                optimizer->step(theta, gradients.col(t), parameters.real("learning_rate"));
                const auto expected = vectorOf(answer->at(entry.key).at(static_cast<std::size_t>(t)));
                QVERIFY2(difference(theta, expected) < bound, entry.key.c_str());
            }
        }
    }
};

QTEST_GUILESS_MAIN(OptimizersTorchTest)
#include "optimizers_torch_test.moc"
