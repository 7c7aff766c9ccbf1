// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/column_arrangement.h"

#include <QTest>

using namespace kappascope::ui;

class ColumnArrangementTest : public QObject {
    Q_OBJECT
private slots:
    void columnsNeverOverlapNorLeaveTheContent_data();
    void columnsNeverOverlapNorLeaveTheContent();
    void threeColumnsStandSideBySideInANarrowCentre();
    void manyColumnsWrapIntoTwoRowsWhereTheRoomIsHighEnough();
    void manyColumnsInALowRoomScrollSideways();
    void theCardStandsBesideWideColumnsAndBelowNarrowOnes();
    void pictureStaysAboutSquareInAHighRoom();
};

namespace {

ColumnNeeds someNeeds() {
    ColumnNeeds needs;
    needs.shortest = [](int) { return 280; };
    needs.tallest = [](int width) { return 170 + width; };
    return needs;
}

} // namespace

void ColumnArrangementTest::columnsNeverOverlapNorLeaveTheContent_data() {
    QTest::addColumn<int>("count");
    QTest::addColumn<QSize>("room");
    for (const int count : {0, 1, 2, 3, 5, 8, 16})
        for (const QSize room :
             {QSize(160, 160), QSize(430, 330), QSize(720, 380), QSize(720, 640), QSize(2400, 1300)})
            QTest::addRow("%d in %dx%d", count, room.width(), room.height()) << count << room;
}

void ColumnArrangementTest::columnsNeverOverlapNorLeaveTheContent() {
    QFETCH(int, count);
    QFETCH(QSize, room);
    const ColumnNeeds needs = someNeeds();
    const ColumnArrangement plan = arrangeColumns(count, room, needs);
    QCOMPARE(static_cast<int>(plan.columns.size()), count);
    std::vector<QRect> all = plan.columns;
    all.push_back(plan.addCard);
    const QRect content(QPoint(0, 0), plan.size);
    for (std::size_t a = 0; a < all.size(); ++a) {
        QVERIFY2(content.contains(all[a]), "outside of what can be scrolled to");
        for (std::size_t b = 0; b < a; ++b)
            QVERIFY2(!all[a].intersects(all[b]), "overlap");
    }
    for (const QRect& column : plan.columns) {
        QVERIFY(column.width() >= needs.narrowest);
        QVERIFY(column.width() <= needs.widest);
        QVERIFY(column.height() >= needs.shortest(column.width()));
    }
}

void ColumnArrangementTest::threeColumnsStandSideBySideInANarrowCentre() {
    const QSize room(430, 360); // the centre of a window of 1100 x 700
    const ColumnArrangement plan = arrangeColumns(3, room, someNeeds());
    QVERIFY(plan.size.width() <= room.width());
    QVERIFY(plan.size.height() <= room.height());
    QCOMPARE(plan.columns[0].top(), plan.columns[2].top());
}

void ColumnArrangementTest::manyColumnsWrapIntoTwoRowsWhereTheRoomIsHighEnough() {
    const QSize room(720, 700);
    const ColumnArrangement plan = arrangeColumns(8, room, someNeeds());
    QVERIFY(plan.size.width() <= room.width());
    QVERIFY(plan.size.height() <= room.height());
    QCOMPARE(plan.columns[3].top(), plan.columns[0].top());
    QVERIFY(plan.columns[4].top() > plan.columns[0].bottom());
    QCOMPARE(plan.columns[4].left(), plan.columns[0].left());
}

void ColumnArrangementTest::manyColumnsInALowRoomScrollSideways() {
    const ColumnNeeds needs = someNeeds();
    const ColumnArrangement plan = arrangeColumns(8, {720, 380}, needs);
    QVERIFY(plan.size.width() > 720);
    QVERIFY(plan.size.height() <= 380);
    QCOMPARE(plan.columns[7].top(), plan.columns[0].top());
    QVERIFY(plan.columns[7].width() >= needs.narrowest);
    QVERIFY(plan.columns[4].right() < 720 && plan.columns[5].left() >= 720); // five whole ones in sight
}

void ColumnArrangementTest::theCardStandsBesideWideColumnsAndBelowNarrowOnes() {
    const ColumnArrangement wide = arrangeColumns(3, {900, 400}, someNeeds());
    QVERIFY(wide.addCard.left() > wide.columns[2].right());
    const ColumnArrangement narrow = arrangeColumns(3, {430, 400}, someNeeds());
    QVERIFY(narrow.addCard.top() > narrow.columns[2].bottom());
}

void ColumnArrangementTest::pictureStaysAboutSquareInAHighRoom() {
    const ColumnNeeds needs = someNeeds();
    const ColumnArrangement plan = arrangeColumns(3, {720, 1200}, needs);
    QCOMPARE(plan.columns[0].height(), needs.tallest(plan.columns[0].width()));
}

QTEST_APPLESS_MAIN(ColumnArrangementTest)
#include "column_arrangement_test.moc"
