// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_ticker.h"

#include <QTest>

using namespace kappascope::ui;

namespace {

QStringList labels(double low, double high, bool logarithmic, int most = 6, bool counts = false) {
    PlotTicker ticker(counts);
    ticker.setLogarithmic(logarithmic);
    ticker.setMost(most);
    QVector<double> ticks;
    QVector<QString> texts;
    ticker.generate({low, high}, QLocale::c(), u'g', 6, ticks, nullptr, &texts);
    if (ticks.size() != texts.size()) qFatal("a label for each tick");
    for (const double tick : ticks)
        if (tick < low - 1e-9 * std::abs(low) || tick > high + 1e-9 * std::abs(high)) qFatal("outside");
    return QStringList(texts.begin(), texts.end());
}

} // namespace

class PlotTickerTest : public QObject {
    Q_OBJECT
private slots:
    void linearAxisHasRoundNumbers() {
        QCOMPARE(labels(0, 1, false), (QStringList{"0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
        QCOMPARE(labels(-1.2, 3.1, false), (QStringList{"-1", "0", "1", "2", "3"}));
        QCOMPARE(labels(0.9981, 1.0002, false), (QStringList{"0.9985", "0.9990", "0.9995", "1.0000"}));
    }

    void largeAndSmallNumbersAreShort() {
        QCOMPARE(labels(0, 4e6, false).last(), "4e6");
        QCOMPARE(labels(0, 4.1e-7, false), (QStringList{"0", "1e-7", "2e-7", "3e-7", "4e-7"}));
    }

    void countsAreThousands() {
        QCOMPARE(labels(0, 412, false, 5, true), (QStringList{"0", "100", "200", "300", "400"}));
        QCOMPARE(labels(0, 50000, false, 5, true), (QStringList{"0", "10k", "20k", "30k", "40k", "50k"}));
        QCOMPARE(labels(0, 2.1e6, false, 5, true).last(), "2M");
        QCOMPARE(labels(10, 12.5, true, 5, true).isEmpty(), false);
    }

    void logarithmicAxisHasPowersOfTen() {
        QCOMPARE(labels(1e-3, 1, true), (QStringList{"1e-3", "1e-2", "1e-1", "1e0"}));
        QCOMPARE(labels(1e-12, 1, true, 5), (QStringList{"1e-12", "1e-9", "1e-6", "1e-3", "1e0"}));
    }

    void withinADecadeThereAreTicksToo() {
        QCOMPARE(labels(0.9, 11, true), (QStringList{"1", "2", "3", "5", "7", "10"}));
        QCOMPARE(labels(0.9, 11, true, 3), (QStringList{"1", "2", "5", "10"}));
        QVERIFY(labels(2.1, 4.9, true).size() >= 2);
        QVERIFY(labels(0.51, 0.53, true).size() >= 3);
    }

    void neverMoreThanFit() {
        for (double span = 1e-6; span < 1e9; span *= 1.7)
            for (const int most : {2, 4, 7}) {
                QVERIFY(labels(3, 3 + span, false, most).size() <= most + 1);
                QVERIFY(labels(1, 1 + span, true, most).size() <= 2 * most + 3);
            }
    }

    void hopelessRangesGiveNoTicks() { QVERIFY(labels(1e20, 1e20 + 1, false).isEmpty()); }
};

QTEST_APPLESS_MAIN(PlotTickerTest)
#include "plot_ticker_test.moc"
