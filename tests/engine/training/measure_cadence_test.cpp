// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/measure_cadence.h"

#include <QTest>

using namespace kappascope;

class MeasureCadenceTest : public QObject {
    Q_OBJECT
private slots:
    void costsAtMostATenth_data() {
        QTest::addColumn<std::int64_t>("train");
        QTest::addColumn<std::int64_t>("test");
        QTest::addColumn<std::int64_t>("batch");
        QTest::addColumn<std::int64_t>("cadence");
        const auto row = [](const char* name, std::int64_t train, std::int64_t test, std::int64_t batch,
                            std::int64_t cadence) {
            QTest::newRow(name) << train << test << batch << cadence;
        };
        row("full batch", 200, 100, 200, 5);
        row("batch above the set", 200, 100, 1000, 5);
        row("no test set", 200, 0, 200, 5);
        row("batch 1", 200, 100, 1, 1000);
        row("MNIST, batch 60", 60'000, 10'000, 60, 5000);
    }

    void costsAtMostATenth() {
        QFETCH(std::int64_t, train);
        QFETCH(std::int64_t, test);
        QFETCH(std::int64_t, batch);
        QFETCH(std::int64_t, cadence);
        QCOMPARE(MeasureCadence::automatic(train, test, batch).evaluationsEvery(), cadence);
        const auto cost = [&](double every) {
            return static_cast<double>(train + test) /
                   (3.0 * static_cast<double>(std::min(batch, train)) * every);
        };
        QVERIFY(cost(static_cast<double>(cadence)) <= 0.1);
        QVERIFY(cost(static_cast<double>(cadence) / 2.5) > 0.1); // no coarser than needed
    }

    void aNumberMeansEverythingAtItsMultiples() {
        const MeasureCadence cadence = 4;
        for (std::int64_t step = 0; step < 30; ++step) {
            QCOMPARE(cadence.normsDue(step), step % 4 == 0);
            QCOMPARE(cadence.evaluationDue(step), step % 4 == 0);
        }
    }

    void anExperimentMayLeaveOneToTheOther() {
        const auto automatic = MeasureCadence::automatic(60'000, 10'000, 60);
        const auto due = [](const MeasureCadence& cadence, auto isDue) {
            std::vector<std::int64_t> steps;
            for (std::int64_t step = 0; step <= 60; ++step)
                if ((cadence.*isDue)(step)) steps.push_back(step);
            return steps;
        };
        const auto norms = &MeasureCadence::normsDue, evaluations = &MeasureCadence::evaluationDue;
        using Steps = std::vector<std::int64_t>;
        QVERIFY(MeasureCadence::asked(0, 0, automatic) == automatic);
        QVERIFY(MeasureCadence::asked(7, 0, automatic) == MeasureCadence(7));
        const auto rarely = MeasureCadence::asked(0, 25, automatic); // norms as always: every tenth step
        QCOMPARE(due(rarely, evaluations), (Steps{0, 25, 50}));
        QCOMPARE(due(rarely, norms), (Steps{0, 10, 20, 25, 30, 40, 50, 60}));
        QCOMPARE(rarely.evaluationsEvery(), std::int64_t{25});
        const auto both = MeasureCadence::asked(20, 30, automatic);
        QCOMPARE(due(both, evaluations), (Steps{0, 30, 60}));
        QCOMPARE(due(both, norms), (Steps{0, 20, 30, 40, 60})); // what is evaluated is measured, too
    }

    void rareEvaluationsBeginEarlier() {
        const auto cadence = MeasureCadence::automatic(60'000, 10'000, 60);
        std::vector<std::int64_t> due;
        for (std::int64_t step = 0; step <= 15'000; ++step)
            if (cadence.evaluationDue(step)) due.push_back(step);
        QCOMPARE(due, (std::vector<std::int64_t>{0, 100, 200, 500, 1000, 2000, 5000, 10'000, 15'000}));
    }

    void normsAreMeasuredAtEveryTenthStepOrMoreOften() {
        const auto rare = MeasureCadence::automatic(60'000, 10'000, 60);
        const auto often = MeasureCadence::automatic(200, 100, 200);
        for (std::int64_t step = 0; step < 100; ++step) {
            QCOMPARE(rare.normsDue(step), step % 10 == 0);
            QCOMPARE(often.normsDue(step), often.evaluationDue(step));
        }
    }
};

QTEST_APPLESS_MAIN(MeasureCadenceTest)
#include "measure_cadence_test.moc"
