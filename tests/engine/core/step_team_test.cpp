// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/step_team.h"

#include "tests/support/meeting.h"

#include <QTest>
#include <array>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

using namespace kappascope;

class StepTeamTest : public QObject {
    Q_OBJECT
private slots:
    void doesEveryPartOnce() {
        for (const int size : {1, 2, 3, 5}) {
            StepTeam team(size);
            QCOMPARE(team.size(), size);
            for (const int parts : {1, 2, 3, 7, 100}) {
                std::vector<int> done(static_cast<std::size_t>(parts), 0);
                for (int round = 1; round <= 200; ++round) {
                    team.run(parts, [&](int part) { ++done[static_cast<std::size_t>(part)]; });
                    QCOMPARE(done, std::vector<int>(static_cast<std::size_t>(parts), round));
                }
            }
        }
    }

    // Part i is that of thread i: here the parts wait for each other, so that nobody does two.
    void partsStayWithTheirThreads() {
        StepTeam team(3);
        std::array<std::thread::id, 3> first;
        for (int round = 0; round < 100; ++round) {
            std::array<std::thread::id, 3> by;
            std::atomic<int> arrived = 0;
            team.run(3, [&](int part) {
                by[static_cast<std::size_t>(part)] = std::this_thread::get_id();
                ++arrived;
                while (arrived < 3)
                    std::this_thread::yield();
            });
            if (round == 0) first = by;
            QVERIFY(by == first);
            QVERIFY(by[0] == std::this_thread::get_id());
        }
    }

    // What one job has written the next one reads, whichever threads do them.
    void jobsSeeWhatEarlierOnesDid() {
        StepTeam team(3);
        constexpr int parts = 6;
        std::vector<long> now(parts, 1), before(parts);
        for (int round = 0; round < 5000; ++round) {
            std::swap(now, before);
            team.run(parts, [&](int part) {
                long sum = 0;
                for (const long value : before)
                    sum += value;
                now[static_cast<std::size_t>(part)] = sum % 1009 + part;
            });
        }
        std::vector<long> expected(parts, 1), last(parts);
        for (int round = 0; round < 5000; ++round) {
            std::swap(expected, last);
            long sum = 0;
            for (const long value : last)
                sum += value;
            for (int part = 0; part < parts; ++part)
                expected[static_cast<std::size_t>(part)] = sum % 1009 + part;
        }
        QCOMPARE(now, expected);
    }

    // Threads that look for work in that very moment must not wait for more. It hung, very rarely.
    void endsWhileItsThreadsBegin() {
        for (int round = 0; round < 2000; ++round)
            StepTeam team(3);
    }

    void wakesThreadsThatHaveFallenAsleep() {
        StepTeam team(2);
        for (int round = 0; round < 3; ++round) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            QCOMPARE(test::meetingOfTwo(team), 2);
        }
    }
};

QTEST_APPLESS_MAIN(StepTeamTest)
#include "step_team_test.moc"
