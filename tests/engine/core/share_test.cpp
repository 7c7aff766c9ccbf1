// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/share.h"

#include <QTest>

using namespace kappascope;

class ShareTest : public QObject {
    Q_OBJECT
private slots:
    void partsFollowOneAnotherAndAreAll() {
        for (const Index size : {0, 1, 15, 16, 17, 100, 784, 1000})
            for (const Index parts : {1, 2, 3, 7, 64}) {
                Index vectors = 0, single = 0;
                for (Index part = 0; part < parts; ++part) {
                    const Range a = shareOf(size, part, parts), b = shareOneByOne(size, part, parts);
                    QCOMPARE(a.first, vectors);
                    QVERIFY(a.count >= 0 && a.first % 16 == 0);
                    vectors += a.count;
                    QCOMPARE(b.first, single);
                    QVERIFY(b.count == size / parts || b.count == size / parts + 1);
                    single += b.count;
                }
                QCOMPARE(vectors, size);
                QCOMPARE(single, size);
            }
    }
};

QTEST_APPLESS_MAIN(ShareTest)
#include "share_test.moc"
