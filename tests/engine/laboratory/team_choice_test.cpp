// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/laboratory/team_choice.h"

#include <QTest>

using namespace kappascope;

namespace {

/// How many of the chunks of ten steps are shared when a step takes so many seconds alone and shared.
int sharedChunks(TeamChoice& choice, int chunks, double alone, double together) {
    int shared = 0;
    for (int i = 0; i < chunks; ++i) {
        const bool now = choice.shared();
        shared += now;
        choice.learn(10, 10 * (now ? together : alone));
    }
    return shared;
}

} // namespace

class TeamChoiceTest : public QObject {
    Q_OBJECT
private slots:
    void keepsToWhatIsFaster() {
        TeamChoice large, small;
        QVERIFY(sharedChunks(large, 1000, 2e-3, 1e-3) > 950);
        QVERIFY(sharedChunks(small, 1000, 1e-3, 2e-3) < 50);
    }

    void triesBothAtTheStart() {
        TeamChoice choice;
        QVERIFY(choice.shared());
        choice.learn(1, 1e-3);
        QVERIFY(!choice.shared());
    }

    // The first shared step wakes the threads; one disturbed look must not decide for long either.
    void looksAgainSoonAfterAMisleadingLook() {
        TeamChoice choice;
        choice.learn(1, 5e-3);
        choice.learn(1, 2e-3);
        QVERIFY(sharedChunks(choice, 8, 2e-3, 1e-3) >= 6);
    }

    void noticesThatTheMachineIsBusyAndFreeAgain() {
        TeamChoice choice;
        sharedChunks(choice, 200, 2e-3, 1e-3);
        sharedChunks(choice, 200, 2e-3, 8e-3); // another program has taken a core
        QVERIFY(sharedChunks(choice, 320, 2e-3, 8e-3) < 20);
        sharedChunks(choice, 200, 2e-3, 1e-3);
        QVERIFY(sharedChunks(choice, 320, 2e-3, 1e-3) > 300);
    }
};

QTEST_APPLESS_MAIN(TeamChoiceTest)
#include "team_choice_test.moc"
