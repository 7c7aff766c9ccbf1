// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/widget_settings.h"
#include "ui/theme/theme.h"

#include "ui/theme/tabular_font.h"

#include <QApplication>
#include <QDir>
#include <QFontMetricsF>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <cmath>

using namespace kappascope::ui;

namespace {

/// WCAG 2.1 relative luminance of an sRGB colour.
double luminance(const QColor& color) {
    const auto linear = [](double c) {
        return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b) {
    const double la = luminance(a), lb = luminance(b);
    return (std::max(la, lb) + 0.05) / (std::min(la, lb) + 0.05);
}

constexpr double readableText = 4.5;  ///< WCAG 2.1 AA, text
constexpr double readableShape = 2.2; ///< curves: below AA's 3 for the palette's pale orange and blue
constexpr double subpixel = 0.2;      ///< shaping rounds each glyph to 1/64 pixel

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { kappascope::test::startWithOwnSettings(); }

    void textIsReadableInBothPalettes() {
        for (const Palette* palette : {&lightPalette(), &darkPalette()}) {
            for (const QColor& back : {palette->panel, palette->ground})
                for (const QColor& ink : {palette->text, palette->quiet, palette->warning})
                    QVERIFY2(contrast(ink, back) >= readableText,
                             qPrintable(ink.name() + " on " + back.name()));
            QVERIFY(contrast(palette->onAccent, palette->accent) >= readableText);
        }
    }

    void runColorsStandOutFromTheirPanelAndFromEachOther() {
        const Theme& theme = Theme::instance();
        for (const bool dark : {false, true}) {
            const Palette& palette = dark ? darkPalette() : lightPalette();
            QSet<QRgb> seen;
            for (int i = 0; i < 8; ++i) {
                const QColor color = theme.runColor({}, i, dark);
                QVERIFY2(contrast(color, palette.panel) >= readableShape, qPrintable(color.name()));
                seen.insert(color.rgb());
            }
            QCOMPARE(seen.size(), 8);
        }
    }

    void aRunsOwnColorIsLightenedInTheDark() {
        const Theme& theme = Theme::instance();
        QCOMPARE(theme.runColor("#123456", 0, false), QColor("#123456"));
        QVERIFY(theme.runColor("#123456", 0, true).lightnessF() > 0.6);
        QCOMPARE(theme.runColor("#d55e00", 5, true), theme.runColor({}, 1, true));
        QCOMPARE(theme.runColor("no color", 2, false), theme.runColor({}, 2, false));
    }

    void signedColorGoesFromNegativeOverThePanelToPositive() {
        const Theme& theme = Theme::instance();
        QCOMPARE(theme.signedColor(0), theme.palette().panel);
        QCOMPARE(theme.signedColor(1), theme.palette().positive);
        QCOMPARE(theme.signedColor(-5), theme.palette().negative);
    }

    void modeIsAppliedAtOnceAndRemembered() {
        QSignalSpy changed(&Theme::instance(), &Theme::changed);
        Theme::instance().setMode(Theme::Mode::Dark);
        QCOMPARE(changed.size(), 1);
        QVERIFY(Theme::instance().isDark());
        QCOMPARE(qApp->palette().color(QPalette::Window), darkPalette().ground);
        QCOMPARE(QSettings().value("theme/mode").toInt(), int(Theme::Mode::Dark));
        Theme::instance().setMode(Theme::Mode::Light);
        QCOMPARE(qApp->palette().color(QPalette::Window), lightPalette().ground);
    }

    void modeForNowLeavesWhatIsRemembered() {
        Theme::instance().setMode(Theme::Mode::Light);
        Theme::instance().setModeForNow(Theme::Mode::Dark);
        QVERIFY(Theme::instance().isDark());
        QCOMPARE(QSettings().value("theme/mode").toInt(), int(Theme::Mode::Light));
        // Chosen, it is remembered, though it is shown already.
        Theme::instance().setMode(Theme::Mode::Dark);
        QCOMPARE(QSettings().value("theme/mode").toInt(), int(Theme::Mode::Dark));
        Theme::instance().setMode(Theme::Mode::Light);
    }

    void textScalesWithinItsBounds() {
        Theme::instance().setScale(1.5);
        QCOMPARE(Theme::instance().body().pixelSize(), 18);
        QCOMPARE(qApp->font().pixelSize(), 18);
        Theme::instance().setScale(100);
        QCOMPARE(Theme::instance().scale(), 2.0);
        Theme::instance().setScale(1);
    }

    void figuresOfTheNumberFontsAreEquallyWide() {
        // Inter's standard figures differ in width, so this holds by its tabular ones where it is installed.
        for (const QFont& font : {Theme::instance().numbers(), Theme::instance().counter()}) {
            const QFontMetricsF metrics(font);
            for (const auto& [a, b] : {std::pair{"1111", "0000"}, {"71.17", "48.60"}})
                QVERIFY(std::abs(metrics.horizontalAdvance(a) - metrics.horizontalAdvance(b)) < subpixel);
        }
    }

    void everyIconRendersInTheColorOfItsState() {
        const QStringList files = QDir(":/icons").entryList();
        QVERIFY(files.size() > 30);
        for (const QString& file : files) {
            const QIcon icon = Theme::instance().icon(QString(file).remove(".svg"));
            QVERIFY2(!icon.isNull(), qPrintable(file));
            const QColor text = Theme::instance().palette().text;
            const QImage image = icon.pixmap(QSize(32, 32)).toImage();
            bool inked = false;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    if (const QColor at = image.pixelColor(x, y); at.alpha() == 255) {
                        // Rasterizing at partial coverage rounds by one.
                        QVERIFY(std::abs(at.red() - text.red()) <= 1 &&
                                std::abs(at.blue() - text.blue()) <= 1);
                        inked = true;
                    }
            QVERIFY2(inked, qPrintable(file));
        }
        QVERIFY(Theme::instance().icon("no such icon").isNull());
    }

    void numbersAreWrittenWithFourDigits_data() {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("loss") << 0.693147 << "0.6931";
        QTest::newRow("small") << 0.0021 << "0.002100";
        QTest::newRow("rounds up to one") << 0.999999 << "1.000";
        QTest::newRow("kappa") << 1.3e6 << "1.3e6";
        QTest::newRow("tiny") << 4.25e-9 << "4.25e-9";
        QTest::newRow("grouped") << 182400.0 << "182,400";
        QTest::newRow("fraction") << 12345.6 << "12,346";
        QTest::newRow("negative") << -1234.0 << "-1,234";
        QTest::newRow("zero") << 0.0 << "0";
        QTest::newRow("not there") << std::nan("") << "\u2014";
        QTest::newRow("infinite") << HUGE_VAL << "\u221e";
    }
    void numbersAreWrittenWithFourDigits() {
        QFETCH(double, value);
        QTEST(formatNumber(value), "text");
    }

    void numbersAreWrittenWithFewerDigitsWhereAsked() {
        QCOMPARE(formatNumber(0.693147, 3), "0.693");
        QCOMPARE(formatNumber(1.2345e-5, 3), "1.23e-5");
        QCOMPARE(formatNumber(99.96, 3), "100");
        QCOMPARE(formatNumber(182400, 3), "182,400"); // never rounds what is whole
    }

    void countsAreGroupedAndSharesNeverRoundUpToTheWhole() {
        QCOMPARE(formatCount(182400), "182,400");
        QCOMPARE(formatCount(-1000), "-1,000");
        QCOMPARE(formatCount(999), "999");
        QCOMPARE(formatShare(0.974), "97.4 %");
        QCOMPARE(formatShare(1), "100 %");
        QCOMPARE(formatShare(0.99999), "99.9 %");
    }
};

QTEST_MAIN(ThemeTest)
#include "theme_test.moc"
