// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/flag_layer.h"

#include <QTest>

using namespace kappascope::ui;

class FlagLayerTest : public QObject {
    Q_OBJECT
private slots:
    void aLoneLabelStandsRightOfItsLine() {
        const auto labels = placeFlags({50}, {80}, 0, 400, 3);
        QCOMPARE(labels[0].row, 0);
        QVERIFY(labels[0].left > 50);
    }

    void atTheRightEdgeItStandsLeft() {
        const auto labels = placeFlags({390}, {80}, 0, 400, 3);
        QVERIFY(labels[0].left + 80 < 390);
    }

    void crowdedLabelsNeverCoverEachOther() {
        std::vector<double> lines, widths;
        for (int i = 0; i < 60; ++i) {
            lines.push_back(i * 7);
            widths.push_back(30 + (i * 37) % 90);
        }
        const auto labels = placeFlags(lines, widths, 0, 420, 3);
        int shown = 0;
        for (std::size_t i = 0; i < labels.size(); ++i) {
            if (labels[i].row < 0) continue;
            ++shown;
            for (std::size_t j = 0; j < i; ++j)
                if (labels[j].row == labels[i].row)
                    QVERIFY(labels[j].left + widths[j] <= labels[i].left ||
                            labels[i].left + widths[i] <= labels[j].left);
        }
        QVERIFY(shown >= 9); // three rows of about 400 pixels
        QVERIFY(shown < 60);
    }

    void labelsAreShort() {
        QCOMPARE(shortFlagText("Plain: Batch normalization on"), QString("BN on"));
        QCOMPARE(shortFlagText("BN: BNP off"), QString("BNP off"));
        QCOMPARE(shortFlagText("Plain: rate 0.1 → 0.3"), QString("rate 0.1 → 0.3"));
        QCOMPARE(shortFlagText("learning rate 0.1 → 0.3, noise 0 → 0.1"), QString("rate 0.1 → 0.3 +1"));
    }

    void theNextRowTakesWhatDoesNotFit() {
        const auto labels = placeFlags({10, 20}, {80, 80}, 0, 400, 3);
        QCOMPARE(labels[0].row, 0);
        QCOMPARE(labels[1].row, 1);
    }
};

QTEST_APPLESS_MAIN(FlagLayerTest)
#include "flag_layer_test.moc"
