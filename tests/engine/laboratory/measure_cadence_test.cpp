// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/measure_cadence.h"

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
        QCOMPARE(automaticCadence(train, test, batch), cadence);
        const auto cost = [&](double every) {
            return static_cast<double>(train + test) /
                   (3.0 * static_cast<double>(std::min(batch, train)) * every);
        };
        QVERIFY(cost(static_cast<double>(cadence)) <= 0.1);
        QVERIFY(cost(static_cast<double>(cadence) / 2.5) > 0.1); // no coarser than needed
    }
};

QTEST_APPLESS_MAIN(MeasureCadenceTest)
#include "measure_cadence_test.moc"
