// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/memory_need.h"

#include "tests/support/input_errors.h"
#include "tests/support/laboratory.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::test;

class MemoryNeedTest : public QObject {
    Q_OBJECT
private slots:
    void parametersAreThoseOfTheNetwork() {
        const Experiment experiment = smallExperiment();
        Laboratory laboratory(experiment);
        laboratory.wait();
        const NetworkPlan plan = planStack(2, experiment.model.hidden, 1, experiment.model.activation);
        QCOMPARE(plan.parameters(), static_cast<double>(statusOf(laboratory, 1).parameters));
        QCOMPARE(planStack(4, {}, 3, experiment.model.activation).parameters(), 15.0);
    }

    void whatDoesNotFitIsRefused() {
        Experiment experiment = smallExperiment(); // five runs
        const MethodSpec& activation = experiment.model.activation;
        const NetworkPlan million = planStack(999, {}, 1000, activation);
        const NetworkPlan milliard = planStack(999'999, {}, 1000, activation);
        checkMemory(experiment, million, 10, 0.4e9);
        QCOMPARE(inputErrorOf([&] { checkMemory(experiment, milliard, 10, 200e9); }),
                 QString("model.hidden: 5 runs of 1000000000 parameters take at least 400 GB of memory, this "
                         "machine has 200 GB. Use smaller layers or fewer runs."));
        experiment.precision = Precision::Float32;
        checkMemory(experiment, milliard, 10, 200e9);
        checkMemory(experiment, milliard, 10, std::numeric_limits<double>::infinity());

        // Convolutions have few weights and many values of each sample.
        experiment.model.network = "resnet20";
        const NetworkPlan residual = planLayers(layersOf(experiment.model), {3, 32, 32}, 10, "model.network");
        QVERIFY(residual.parameters() < 3e5);
        QVERIFY(inputErrorOf([&] {
                    checkMemory(experiment, residual, 100'000, 200e9);
                }).startsWith("model.network: 5 runs"));
    }

    // In the laboratory, at the start and by an edit: nothing is allocated, what was before stays.
    void theLaboratoryRefusesIt() {
        QVERIFY(machineMemory() > 1e8);
        Laboratory laboratory(smallExperiment());
        step(laboratory, 5);
        edit(laboratory, "huge", [](Experiment& e) { e.model.hidden.assign(64, 10'000); });
        QVERIFY2(
            QString::fromStdString(laboratory.status().failure)
                .startsWith("model.hidden: 5 runs of 6300670001 parameters take at least 2520 GB of memory"),
            laboratory.status().failure.c_str());
        QCOMPARE(laboratory.status().step, 5);
        edit(laboratory, "many", [](Experiment& e) {
            for (int i = static_cast<int>(e.runs.size()); i < maximumRuns; ++i) {
                e.runs.push_back(e.runs.front());
                e.runs.back().id = 100 + i;
                e.runs.back().name = std::to_string(i);
            }
            e.model.hidden.assign(20, 10'000);
        });
        QVERIFY(QString::fromStdString(laboratory.status().failure)
                    .contains("1000 runs of 1900230001 parameters"));
    }
};

QTEST_APPLESS_MAIN(MemoryNeedTest)
#include "memory_need_test.moc"
