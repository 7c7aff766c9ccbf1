// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/pacer.h"

#include <QTest>
#include <cmath>
#include <limits>

using namespace kappascope;
using namespace std::chrono_literals;

class PacerTest : public QObject {
    Q_OBJECT
private slots:
    void theNextStepIsDueAfterOnePeriod() {
        Pacer pacer;
        const Clock::time_point now{};
        pacer.setSpeed(10);
        pacer.restart(now, 100);
        QCOMPARE(pacer.due(now, 100), 1);
        QCOMPARE(pacer.due(now, 101), 0);
        QVERIFY(std::chrono::abs(pacer.nextDue(now, 101) - (now + 100ms)) < 1us);
        QCOMPARE(pacer.due(now + 101ms, 101), 1);
    }

    void anySpeedCanBeWaitedFor_data() {
        QTest::addColumn<double>("speed");
        for (const double speed : {1e-300, 1e-12, 1e-3, 1.0, 1e9, 1e300})
            QTest::addRow("%g", speed) << speed;
    }
    void anySpeedCanBeWaitedFor() {
        QFETCH(double, speed);
        Pacer pacer;
        const Clock::time_point now{1s};
        pacer.setSpeed(speed);
        QVERIFY(pacer.limited());
        pacer.restart(now, 0);
        QCOMPARE(pacer.due(now, 0), 1);
        for (const std::int64_t ahead : {std::int64_t{1}, std::int64_t{1'000'000}}) {
            const auto next = pacer.nextDue(now, ahead);
            QVERIFY(next > now);
            QVERIFY(next <= now + 1h);
        }
        QVERIFY(pacer.due(now + 24h, 1) > 0);
    }

    void whatIsNoSpeedIsNoLimit() {
        Pacer pacer;
        for (const double speed : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
            pacer.setSpeed(speed);
            QVERIFY(!pacer.limited());
        }
    }
};

QTEST_APPLESS_MAIN(PacerTest)
#include "pacer_test.moc"
