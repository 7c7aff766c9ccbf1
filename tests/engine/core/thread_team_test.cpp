// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/thread_team.h"

#include "tests/support/meeting.h"

#include <QTest>
#include <atomic>
#include <stdexcept>

using namespace kappascope;

class ThreadTeamTest : public QObject {
    Q_OBJECT
private slots:
    void doesEachJobOnce_data() {
        QTest::addColumn<int>("size");
        for (const int size : {1, 2, 4})
            QTest::addRow("%d threads", size) << size;
    }

    void doesEachJobOnce() {
        QFETCH(int, size);
        ThreadTeam team(size);
        QCOMPARE(team.size(), size);
        for (int round = 0; round < 200; ++round) {
            std::vector<int> done(static_cast<std::size_t>(round % 17));
            team.run(static_cast<int>(done.size()), [&](int i) { ++done[static_cast<std::size_t>(i)]; });
            for (const int times : done)
                QCOMPARE(times, 1);
        }
    }

    void worksWithSeveralThreads() {
        ThreadTeam team(2);
        QCOMPARE(test::meetingOfTwo(team), 2);
    }

    void handsAnExceptionToTheCaller() {
        ThreadTeam team(3);
        std::atomic<int> done = 0;
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, team.run(10, [&](int i) {
            ++done;
            if (i == 4) throw std::runtime_error("4");
        }));
        QCOMPARE(done.load(), 10);
        team.run(5, [&](int) { ++done; }); // and is fit for more
        QCOMPARE(done.load(), 15);
    }
};

QTEST_APPLESS_MAIN(ThreadTeamTest)
#include "thread_team_test.moc"
