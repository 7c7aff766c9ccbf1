// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/training.h"

#include <QTest>

#include <cmath>

using namespace kappascope;
using namespace kappascope::test;

namespace {

constexpr double rounding = 1e-12; // norms of float64 vectors, summed in another order

Recipe preconditioned() {
    Recipe recipe;
    recipe.activation = methodOf(activationCatalog(), "relu"); // has units that can be dead
    recipe.preconditioner = methodOf(preconditioningCatalog(), "bnp");
    recipe.optimizer = methodOf(optimizerCatalog(), "momentum");
    return recipe;
}

bool near(double found, double expected) {
    return std::abs(found - expected) <= rounding * std::max(1.0, std::abs(expected));
}

} // namespace

/// What the trainer shows to the probes, read back through the catalog's own probes.
class ObservationsTest : public QObject {
    Q_OBJECT

private slots:
    void probesAreDueByTheirCadence() {
        const auto trainer = makeTrainer<double>(preconditioned());
        KeepingSink sink;
        for (int step = 0; step < 23; ++step)
            trainer->step(sink, 5);
        for (const auto& probe : probeCatalog().entries()) {
            if (probe.cadence == Cadence::Snapshot) continue;
            const std::size_t due = probe.cadence == Cadence::EveryStep ? 23 : 5; // steps 0, 5, ... 20
            bool found = false;
            for (const auto& [key, values] : sink.series) {
                if (key.metric != probe.key) continue;
                found = true;
                QVERIFY2(values.size() == due, probe.key.c_str());
                QVERIFY(due == 23 || values.rbegin()->first == 20);
            }
            QVERIFY2(found, probe.key.c_str());
        }
    }

    void numbersAreThoseOfTheStep() {
        const auto trainer = makeTrainer<double>(preconditioned());
        const auto twin = makeTrainer<double>(preconditioned());
        const Split split = moons({});
        const auto loss = lossCatalog().at("cross_entropy").make<double>({});
        const auto targets = loss->targets(split.train);
        BatchPlan plan = trainer->plan();
        const Vector<double> start = trainer->network().theta();
        trainer->setLearningRate([](std::int64_t step) { return 0.05 / static_cast<double>(step + 1); });
        twin->setLearningRate([](std::int64_t step) { return 0.05 / static_cast<double>(step + 1); });
        for (int step = 0; step < 15; ++step) {
            const Vector<double> before = trainer->network().theta();
            const auto samples = plan.indices(step);
            const Matrix<double> x = split.train.x.select(samples).dense();
            Network<double> network(trainer->network());
            Matrix<double> dz(network.outputs(), x.cols());
            loss->gradient(network.forward(x, Mode::Training), targets, samples, dz);
            network.backward(x, dz);
            const Evaluation evaluation = twin->evaluate();

            KeepingSink sink;
            const double batchLoss = trainer->step(sink, 1);
            train(*twin, 1);
            const auto value = [&](const char* metric) { return sink.series.at({metric}).at(step); };
            QCOMPARE(value("train_loss"), batchLoss);
            QCOMPARE(value("learning_rate"), 0.05 / (step + 1));
            QVERIFY(near(value("gradient_norm"), network.gradient().norm())); // raw: before P P^T
            QVERIFY(near(value("update_size"), (trainer->network().theta() - before).norm()));
            QVERIFY(near(value("distance_from_start"), (trainer->network().theta() - start).norm()));
            QCOMPARE(value("train_loss_full"), evaluation.trainLoss); // of the parameters before the update
            QCOMPARE(value("test_accuracy"), evaluation.testAccuracy);
        }
    }

    void measuringChangesNothing() {
        const auto watched = makeTrainer<float>(preconditioned()),
                   quiet = makeTrainer<float>(preconditioned());
        KeepingSink sink;
        for (int step = 0; step < 30; ++step)
            QCOMPARE(watched->step(sink, 1), train(*quiet, 1).front());
        QVERIFY(watched->network().theta() == quiet->network().theta());
    }

    void distanceCountsFromTheLastChangeOfCoordinates() {
        const auto trainer = makeTrainer<double>({});
        train(*trainer, 10);
        trainer->setNormalization(makeNormalization<double>(
            methodOf(normalizationCatalog(), "batch_norm", {{"normalize_inputs", true}})));
        const Vector<double> start = trainer->network().theta();
        KeepingSink sink;
        trainer->step(sink, 1);
        QVERIFY(near(sink.series.at({"distance_from_start"}).at(10),
                     (trainer->network().theta() - start).norm()));
    }
};

QTEST_APPLESS_MAIN(ObservationsTest)
#include "observations_test.moc"
