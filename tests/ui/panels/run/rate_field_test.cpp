// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run/rate_field.h"

#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace kappascope::ui;

class RateFieldTest : public QObject {
    Q_OBJECT
private slots:
    void walksAlongNiceNumbers_data();
    void walksAlongNiceNumbers();
    void arrowKeysAndPageKeysAskForAnotherRate();
    void theWheelActsWithFocusOnly();
    void takesATypedNumberOnReturn();
    void emptyTextAsksForTheBaseRate();
    void marksAndForgetsWhatIsNoRate();
    void leavingTheFieldUntouchedAsksForNothing();
};

void RateFieldTest::walksAlongNiceNumbers_data() {
    QTest::addColumn<double>("rate");
    QTest::addColumn<int>("steps");
    QTest::addColumn<double>("expected");
    QTest::newRow("up") << 0.3 << 1 << 0.5;
    QTest::newRow("up over a decade") << 0.7 << 1 << 1.0;
    QTest::newRow("down over a decade") << 0.1 << -1 << 0.07;
    QTest::newRow("six up are a decade") << 0.002 << 6 << 0.02;
    QTest::newRow("six down are a decade") << 0.002 << -6 << 0.0002;
    QTest::newRow("from between, up") << 0.34 << 1 << 0.5;
    QTest::newRow("from between, down") << 0.34 << -1 << 0.3;
    QTest::newRow("tiny") << 1e-6 << -1 << 7e-7;
}

void RateFieldTest::walksAlongNiceNumbers() {
    QFETCH(double, rate);
    QFETCH(int, steps);
    QFETCH(double, expected);
    QCOMPARE(nearbyRate(rate, steps), expected);
}

void RateFieldTest::arrowKeysAndPageKeysAskForAnotherRate() {
    RateField field;
    field.setRate(0.3, true);
    QSignalSpy entered(&field, &RateField::rateEntered);
    for (const auto& [key, expected] : {std::pair{Qt::Key_Up, 0.5}, std::pair{Qt::Key_Down, 0.2},
                                        std::pair{Qt::Key_PageUp, 3.0}, std::pair{Qt::Key_PageDown, 0.03}}) {
        QTest::keyClick(&field, key);
        QCOMPARE(entered.takeLast().at(0).toDouble(), expected);
        QCOMPARE(field.rate(), 0.3); // until it has come into force
    }
}

void RateFieldTest::theWheelActsWithFocusOnly() {
    RateField field;
    field.setRate(0.3, true);
    field.show();
    QSignalSpy entered(&field, &RateField::rateEntered);
    const auto turn = [&field] {
        QWheelEvent event({5, 5}, field.mapToGlobal(QPointF(5, 5)), {}, {0, 120}, Qt::NoButton,
                          Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&field, &event);
    };
    turn();
    QCOMPARE(entered.count(), 0);
    field.activateWindow();
    field.setFocus();
    QTRY_VERIFY(field.hasFocus());
    turn();
    QCOMPARE(entered.takeLast().at(0).toDouble(), 0.5);
}

void RateFieldTest::takesATypedNumberOnReturn() {
    RateField field;
    field.setRate(0.3, false);
    QSignalSpy entered(&field, &RateField::rateEntered);
    field.selectAll();
    QTest::keyClicks(&field, "0.045");
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(entered.count(), 1);
    QCOMPARE(entered.at(0).at(0).toDouble(), 0.045);
}

void RateFieldTest::emptyTextAsksForTheBaseRate() {
    RateField field;
    field.setRate(0.3, true);
    QSignalSpy base(&field, &RateField::baseRateWanted);
    field.selectAll();
    QTest::keyClick(&field, Qt::Key_Delete);
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(base.count(), 1);
}

void RateFieldTest::marksAndForgetsWhatIsNoRate() {
    RateField field;
    field.setRate(0.3, true);
    QSignalSpy entered(&field, &RateField::rateEntered);
    for (const char* typed : {"fast", "-1", "0", "1e999"}) {
        field.selectAll();
        QTest::keyClicks(&field, typed);
        QVERIFY2(field.property("refused").toBool(), typed);
        QTest::keyClick(&field, Qt::Key_Return);
        QCOMPARE(field.text(), QStringLiteral("0.3"));
        QVERIFY(!field.property("refused").toBool());
    }
    QCOMPARE(entered.count(), 0);
}

void RateFieldTest::leavingTheFieldUntouchedAsksForNothing() {
    RateField field;
    field.setRate(1.0 / 3, false); // shown rounded
    field.show();
    QSignalSpy entered(&field, &RateField::rateEntered);
    field.setFocus();
    QTest::keyClick(&field, Qt::Key_Return);
    field.clearFocus();
    QCOMPARE(entered.count(), 0);
}

QTEST_MAIN(RateFieldTest)
#include "rate_field_test.moc"
