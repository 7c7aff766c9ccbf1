// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/value_range.h"

#include <QTest>
#include <cmath>

using namespace kappascope::ui;

namespace {

std::vector<Curve> curveOf(const std::function<double(int)>& value, int points = 100) {
    Curve curve;
    for (int i = 0; i < points; ++i)
        curve.raw.emplace_back(i, value(i));
    return {curve};
}

} // namespace

class ValueRangeTest : public QObject {
    Q_OBJECT
private slots:
    void holdsEverythingVisibleWithALittleAir() {
        ValueRange range;
        range.follow(curveOf([](int i) { return double(i); }), 0, 99, false);
        QVERIFY(range.low() < 0 && range.low() > -10);
        QVERIFY(range.high() > 99 && range.high() < 110);
    }

    void looksOnlyAtTheVisiblePart() {
        ValueRange range;
        range.follow(curveOf([](int i) { return double(i); }), 10, 20, false);
        QVERIFY(range.low() > 8 && range.high() < 22);
    }

    void aSpikeAtTheStartOfALossIsNotHidden() {
        ValueRange range;
        range.follow(curveOf([](int i) { return std::exp(-0.5 * i); }), 0, 99, false);
        QVERIFY(range.high() >= 1);
    }

    void oneRunawayValueDoesNotFlattenTheRest() {
        ValueRange range;
        range.follow(curveOf([](int i) { return i == 50 ? 1e30 : std::sin(i); }), 0, 99, false);
        QVERIFY(range.high() < 3);
        range.reset();
        range.follow(curveOf([](int i) { return i == 50 ? 1e30 : 2 + std::sin(i); }), 0, 99, true);
        QVERIFY(range.high() < 1e3);
    }

    void manyDecadesFitOnALogarithmicAxis() {
        ValueRange range;
        range.follow(curveOf([](int i) { return std::pow(10, -i / 10.0); }), 0, 99, true);
        QVERIFY(range.low() <= 1.3e-10 && range.low() > 1e-12);
        QVERIFY(range.high() >= 1);
    }

    void growsAtOnceButDoesNotTremble() {
        ValueRange range;
        range.follow(curveOf([](int i) { return double(i); }), 0, 99, false);
        const double low = range.low(), high = range.high();
        range.follow(curveOf([](int i) { return 0.9 * i; }), 0, 99, false);
        QCOMPARE(range.high(), high);
        range.follow(curveOf([](int i) { return 2.0 * i; }), 0, 99, false);
        QVERIFY(range.high() > 198);
        QCOMPARE(range.low(), low);
        range.follow(curveOf([](int i) { return 0.01 * i; }), 0, 99, false);
        QVERIFY(range.high() < 2);
    }

    void aConstantHasRoomAroundIt() {
        for (const double value : {0.0, 5.0, -3e-9}) {
            ValueRange range;
            range.follow(curveOf([=](int) { return value; }), 0, 99, false);
            QVERIFY(range.low() < value && range.high() > value);
        }
        ValueRange range;
        range.follow(curveOf([](int) { return 0.5; }), 0, 99, true);
        QVERIFY(range.low() < 0.45 && range.high() > 0.55);
    }

    void gapsAndImpossibleValuesDoNotCount() {
        ValueRange range;
        range.follow(curveOf([](int i) { return i % 3 == 0   ? std::nan("")
                                                : i % 3 == 1 ? -1.0
                                                             : 10.0; }), 0,
                     99, true);
        QVERIFY(range.low() > 5 && range.high() < 20);
    }
};

QTEST_APPLESS_MAIN(ValueRangeTest)
#include "value_range_test.moc"
