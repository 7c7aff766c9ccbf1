// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/curve_raster.h"

#include <QPainter>
#include <QPainterPath>
#include <QTest>
#include <cmath>
#include <limits>
#include <random>

using namespace kappascope::ui;

namespace {

constexpr int width = 200, height = 100;

QImage painted(const std::vector<QPointF>& points, double penWidth = 1.5, double on = 0, double off = 0) {
    CurveRaster raster;
    raster.begin({width, height});
    raster.draw(points, Qt::red, penWidth, on, off);
    return raster.image();
}

/// The general painter's antialiased line: another way to the same picture.
QImage reference(const std::vector<QPointF>& points, double penWidth = 1.5) {
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Qt::red, penWidth, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
    painter.drawPolyline(points.data(), int(points.size()));
    return image;
}

/// The general painter's filled polygon, half covering.
QImage referenceBand(std::vector<QPointF> low, const std::vector<QPointF>& high) {
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(255, 0, 0, 128));
    low.insert(low.end(), high.rbegin(), high.rend());
    painter.drawPolygon(low.data(), int(low.size()));
    return image;
}

double inkIn(const QImage& image, int column) {
    double ink = 0;
    for (int y = 0; y < image.height(); ++y)
        ink += qAlpha(image.pixel(column, y)) / 255.0;
    return ink;
}

/// The mean absolute difference of coverage over the pixels that either picture covers.
double difference(const QImage& a, const QImage& b) {
    double sum = 0, covered = 0;
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) {
            const double alphaA = qAlpha(a.pixel(x, y)) / 255.0, alphaB = qAlpha(b.pixel(x, y)) / 255.0;
            sum += std::abs(alphaA - alphaB);
            covered += std::max(alphaA, alphaB);
        }
    return sum / covered;
}

} // namespace

class CurveRasterTest : public QObject {
    Q_OBJECT
private slots:
    void bandsLookAsThePainterFillsThem() {
        std::vector<QPointF> low, high;
        for (int x = 0; x <= width; ++x) {
            low.emplace_back(x, 60 + 20 * std::sin(x * 0.05));
            high.emplace_back(x, 30 + 15 * std::cos(x * 0.04));
        }
        CurveRaster raster;
        raster.begin({width, height});
        raster.fill(low, high, Qt::red, 0.5);
        // In a column the band covers all that its ends span there: at a slope of one, half a pixel more.
        const double different = difference(raster.image(), referenceBand(low, high));
        QVERIFY2(different < 0.05, qPrintable(QString::number(different)));
    }

    void bandsEndWhereAnEndIsUnknown() {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        CurveRaster raster;
        raster.begin({width, height});
        raster.fill({{0, 20}, {100, 20}, {101, nan}, {200, nan}},
                    {{0, 40}, {100, 40}, {101, nan}, {200, nan}}, Qt::red, 0.5);
        QVERIFY(std::abs(inkIn(raster.image(), 50) - 10) < 0.1);
        QCOMPARE(inkIn(raster.image(), 150), 0.0);
    }

    void smoothCurvesLookAsThePainterDrawsThem() {
        std::vector<QPointF> wave;
        for (int x = 0; x <= width; ++x)
            wave.emplace_back(x, 50 + 30 * std::sin(x * 0.04));
        // Slopes up to 1.2; the share is that of the rounding at edges and corners.
        QVERIFY2(difference(painted(wave), reference(wave)) < 0.12,
                 qPrintable(QString::number(difference(painted(wave), reference(wave)))));
    }

    void aLevelLineHasItsWidthAndPlace() {
        const QImage image = painted({{0, 50.25}, {width, 50.25}}, 1.5);
        for (const int column : {0, 77, width - 1})
            QVERIFY(std::abs(inkIn(image, column) - 1.5) < 0.02);
        QCOMPARE(qAlpha(image.pixel(100, 50)), 255); // 50 ... 51 of 49.5 ... 51
        QCOMPARE(qAlpha(image.pixel(100, 51)), 0);
        QVERIFY(std::abs(qAlpha(image.pixel(100, 49)) - 128) <= 2);
    }

    void noiseKeepsItsExtremes() {
        std::mt19937 random(1);
        std::uniform_real_distribution<double> y(20, 80);
        std::vector<QPointF> noise;
        for (int i = 0; i < 20 * width; ++i)
            noise.emplace_back(i / 20.0, y(random));
        noise[1000].setY(3);
        const QImage image = painted(noise, 1);
        QVERIFY(qAlpha(image.pixel(50, 4)) > 0);
        QVERIFY(qAlpha(image.pixel(50, 1)) == 0);
        for (int x = 0; x < width; ++x)
            QVERIFY(inkIn(image, x) > 35);
    }

    void gapsStayEmptyAndLonePointsShow() {
        const double nan = std::nan("");
        const QImage image =
            painted({{10, 50}, {40, 50}, {41, nan}, {60, 50}, {61, nan}, {80, 50}, {120, 50}});
        QCOMPARE(inkIn(image, 50), 0.0);
        QCOMPARE(inkIn(image, 70), 0.0);
        QVERIFY(inkIn(image, 60) > 1);
        QVERIFY(inkIn(image, 30) > 1 && inkIn(image, 100) > 1);
    }

    void whatIsFarOutsideDoesNoHarm() {
        const QImage image = painted({{-1e300, 50}, {100, 50}, {101, -1e300}, {102, 1e300}, {1e300, 50}});
        QVERIFY(std::abs(inkIn(image, 50) - 1.5) < 0.02);
        QCOMPARE(inkIn(image, 101), double(height));
    }

    void whatIsResumedLooksAsIfAllWereDrawnAnew() {
        // Three lines and a band that grow at their right end, some of them with gaps, dashed or steep.
        const auto shapes = [](double end) {
            std::vector<std::vector<QPointF>> lines(4);
            std::mt19937 same(5);
            std::uniform_real_distribution<double> noise(-20, 20);
            for (double x = 0; x < end; x += 0.4) {
                const double wild = noise(same);
                lines[0].emplace_back(x, 50 + wild);
                lines[1].emplace_back(x, std::fmod(x, 31) > 29 ? std::nan("") : 30 + 10 * std::sin(x * 0.2));
                if (int(x / 0.4) % 40 == 0) lines[2].emplace_back(x, 70 + wild / 4);
                lines[3].emplace_back(x, 60 + wild);
            }
            return lines;
        };
        const auto from = [](const std::vector<QPointF>& points, double column) {
            std::size_t first = 0;
            while (first + 2 < points.size() && points[first + 2].x() < column)
                ++first;
            return std::vector<QPointF>(points.begin() + std::ptrdiff_t(first), points.end());
        };
        const auto draw = [&](CurveRaster& raster, const std::vector<std::vector<QPointF>>& lines,
                              double column) {
            raster.fill(from(lines[0], column), from(lines[3], column), Qt::green, 0.3);
            raster.draw(from(lines[0], column), Qt::red, 1.5, 0, 0);
            raster.draw(from(lines[1], column), Qt::blue, 2, 7, 4);
            raster.draw(from(lines[2], column), Qt::black, 1.4, 2, 3);
        };
        CurveRaster grown, whole;
        grown.begin({width, height});
        draw(grown, shapes(60), 0);
        for (const int end : {75, 76, 120, 190}) {
            // The sparse line's last point before may lie 16 columns back.
            const int column = end == 75 ? 40 : end == 76 ? 55 : end == 120 ? 60 : 100;
            grown.resume(column);
            draw(grown, shapes(end), column);
            whole.begin({width, height});
            draw(whole, shapes(end), 0);
            QCOMPARE(grown.image(), whole.image());
        }
    }

    void aValueAloneIsADotThatCanBeSeen() {
        const QImage image = painted({{50.5, 50.5}}, 1.5, 4, 3);
        double ink = 0;
        for (int column = 45; column < 57; ++column)
            ink += inkIn(image, column);
        QVERIFY(ink > 7 && ink < 12); // a disc of radius 1.7
        QVERIFY(inkIn(image, 49) > 1 && inkIn(image, 51) > 1);
    }

    void dashesAlternate() {
        const QImage image = painted({{0, 50}, {width, 50}}, 1.5, 4, 3);
        int inked = 0;
        for (int x = 0; x < 140; ++x)
            inked += inkIn(image, x) > 0;
        QCOMPARE(inked, 80);
        QVERIFY(inkIn(image, 2) > 0);
        QCOMPARE(inkIn(image, 5), 0.0);
    }

    void linesLieOnEachOther() {
        CurveRaster raster;
        raster.begin({width, height});
        raster.draw({{0, 50}, {width, 50}}, Qt::red, 3, 0, 0);
        raster.draw({{0, 50}, {width, 50}}, Qt::blue, 1, 0, 0);
        QVERIFY(qBlue(raster.image().pixel(50, 50)) > 100);
        QVERIFY(qRed(raster.image().pixel(50, 51)) > 100);
        raster.begin({width, height});
        QCOMPARE(inkIn(raster.image(), 50), 0.0);
    }
};

QTEST_APPLESS_MAIN(CurveRasterTest)
#include "curve_raster_test.moc"
