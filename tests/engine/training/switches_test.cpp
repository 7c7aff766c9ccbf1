// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fixture.h"
#include "tests/support/training.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double promised = 1e-10; // relative, in float64: the product's promise (math.md section 3)

Matrix<double> outputs(Trainer<double>& trainer, const Matrix<double>& x) {
    Network<double> network(trainer.network());
    network.reserve(x.cols());
    return network.forward(x, Mode::Evaluation);
}

MethodSpec batchNorm(const std::string& placement, bool inputs, const std::string& evaluation = "running") {
    return methodOf(normalizationCatalog(), "batch_norm",
                    {{"placement", placement}, {"normalize_inputs", inputs}, {"evaluation", evaluation}});
}

} // namespace

class SwitchesTest : public QObject {
    Q_OBJECT

private slots:
    void togglingNormalizationKeepsTheFunction_data() {
        QTest::addColumn<QString>("placement");
        QTest::addColumn<bool>("inputs");
        QTest::addColumn<QString>("activation");
        for (const char* placement : {"post", "pre"})
            for (const bool inputs : {false, true})
                for (const char* activation : {"tanh", "relu", "sigmoid"})
                    QTest::newRow(
                        qPrintable(QString("%1%2 %3").arg(placement, inputs ? "+inputs" : "", activation)))
                        << placement << inputs << activation;
    }
    /// On, trained, off, trained, on: each switch leaves the function in evaluation mode where it was.
    void togglingNormalizationKeepsTheFunction() {
        QFETCH(QString, placement);
        QFETCH(bool, inputs);
        QFETCH(QString, activation);
        Recipe recipe;
        recipe.activation = methodOf(activationCatalog(), activation.toStdString());
        recipe.optimizer = methodOf(optimizerCatalog(), "momentum");
        recipe.preconditioner = methodOf(preconditioningCatalog(), "bnp");
        recipe.learningRate = 0.01;
        const Split split = moons(recipe);
        const Matrix<double> x = split.test.x.dense();
        const auto trainer = makeTrainer<double>(recipe);
        bool on = false;
        for (int switches = 0; switches < 5; ++switches) {
            train(*trainer, 17);
            const Matrix<double> before = outputs(*trainer, x);
            const double loss = trainer->evaluate().trainLoss;
            on = !on;
            trainer->setNormalization(makeNormalization<double>(
                on ? batchNorm(placement.toStdString(), inputs) : methodOf(normalizationCatalog(), "none")));
            QVERIFY(difference(outputs(*trainer, x), before) < promised);
            QVERIFY(std::abs(trainer->evaluate().trainLoss - loss) < promised);
            QCOMPARE(trainer->stepsDone(), std::int64_t{17 * (switches + 1)});
            QVERIFY(trainer->state().start == trainer->network().theta()); // distances count from here
        }
    }

    void togglingRestartsOptimizerAndPreconditioner() {
        Recipe recipe;
        recipe.optimizer = methodOf(optimizerCatalog(), "adam");
        recipe.preconditioner = methodOf(preconditioningCatalog(), "bnp");
        const auto trainer = makeTrainer<double>(recipe);
        train(*trainer, 10);
        trainer->setNormalization(makeNormalization<double>(batchNorm("post", true)));
        for (const auto& [name, values] : trainer->state().tensors) {
            if (name.starts_with("optimizer.")) QVERIFY2(values.isZero(0), name.c_str());
            if (name.starts_with("preconditioner.") && name.ends_with(".variance"))
                QVERIFY2((values.array() == 1).all(), name.c_str());
        }
    }

    void trainsOnAfterEverySwitch() {
        const auto trainer = makeTrainer<double>({});
        const double first = trainer->evaluate().trainLoss;
        for (const auto& normalization : {batchNorm("post", true, "training_set"), batchNorm("pre", false),
                                          methodOf(normalizationCatalog(), "none")}) {
            trainer->setNormalization(makeNormalization<double>(normalization));
            trainer->setPreconditioning(
                makePreconditioning<double>(methodOf(preconditioningCatalog(), "bnp", {{"rho", 0.9}})));
            trainer->setOptimizer(makeOptimizer<double>(methodOf(optimizerCatalog(), "momentum")));
            trainer->setLearningRate([](std::int64_t) { return 0.02; });
            const double before = trainer->evaluate().trainLoss;
            train(*trainer, 150);
            QVERIFY(trainer->evaluate().trainLoss < before);
        }
        QVERIFY(trainer->evaluate().trainLoss < first / 3);
    }

    void preconditionerSwitchKeepsTheOptimizersState() {
        Recipe recipe;
        recipe.optimizer = methodOf(optimizerCatalog(), "momentum");
        const auto trainer = makeTrainer<double>(recipe);
        train(*trainer, 10);
        const auto before = trainer->state();
        trainer->setPreconditioning(makePreconditioning<double>(methodOf(preconditioningCatalog(), "bnp")));
        const auto after = trainer->state();
        QVERIFY(after.theta == before.theta && after.start == before.start);
        QCOMPARE(after.tensors.back().first, "optimizer.velocity");
        QVERIFY(after.tensors.back().second == before.tensors.back().second);
        QVERIFY(!before.tensors.back().second.isZero());
    }

    void optimizerSwitchStartsTheNewOne() {
        const auto trainer = makeTrainer<double>({});
        train(*trainer, 10);
        trainer->setOptimizer(makeOptimizer<double>(methodOf(optimizerCatalog(), "adam")));
        for (const auto& [name, values] : trainer->state().tensors)
            QVERIFY(values.isZero(0));
        train(*trainer, 10);
        QCOMPARE(trainer->state().tensors.back().second[0], 10.0); // Adam's steps
    }
};

QTEST_APPLESS_MAIN(SwitchesTest)
#include "switches_test.moc"
