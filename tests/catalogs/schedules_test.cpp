// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/optimization/schedule.h"

#include <QTest>

#include <cmath>

using namespace kappascope;

class SchedulesTest : public QObject {
    Q_OBJECT

private slots:
    /// With defaults every factor is a share of the learning rate, at any step that a run can reach.
    void factorsAreShares() {
        for (const auto& entry : scheduleCatalog().entries()) {
            const Parameters parameters(entry);
            for (std::int64_t step = 0; step < 1'000'000'000'000; step = 2 * step + 1) {
                const double factor = entry.factor(step, parameters);
                QVERIFY2(factor >= 0 && factor <= 1, entry.key.c_str());
            }
        }
    }

    void keysAreThoseOfTheFiles() {
        QCOMPARE(scheduleCatalog().keys(),
                 (std::vector<std::string>{"constant", "step", "cosine", "warmup"}));
    }
};

QTEST_APPLESS_MAIN(SchedulesTest)
#include "schedules_test.moc"
