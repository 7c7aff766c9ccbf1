// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sample_picture.h"

#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

Dataset pictures(const ImageShape& shape, const Features& x, int white = 255) {
    Dataset data;
    data.image = shape;
    data.white = white;
    data.x = x;
    return data;
}

const QColor paper(10, 20, 30), ink(210, 120, 230);

} // namespace

class SamplePictureTest : public QObject {
    Q_OBJECT
private slots:
    void coloursAreThoseOfTheFileHoweverTheInputsAreScaled() {
        Features x(6, {1, 2, 30, 40, 250, 251}, 1.0); // red, red, green, green, blue, blue
        for (const Features& scaled :
             {x, x.mapped(Vector<double>::LinSpaced(6, -3, 8), Vector<double>::LinSpaced(6, 100, -7))}) {
            const QImage image = samplePicture(pictures({3, 1, 2}, scaled), 0, paper, ink);
            QCOMPARE(image.size(), QSize(2, 1));
            QCOMPARE(image.pixelColor(0, 0), QColor(1, 30, 250));
            QCOMPARE(image.pixelColor(1, 0), QColor(2, 40, 251));
        }
    }

    void aSmallerWhiteIsBrightToo() {
        const QImage image =
            samplePicture(pictures({3, 1, 1}, Features(3, {15, 0, 5}, 1.0), 15), 0, paper, ink);
        QCOMPARE(image.pixelColor(0, 0), QColor(255, 0, 85));
    }

    void oneChannelGoesFromPaperToInk() {
        const Features bytes(4, {7, 7, 7, 7, 50, 100, 150, 50}, 1.0 / 255); // the second sample
        const QImage image = samplePicture(pictures({1, 2, 2}, bytes), 1, paper, ink);
        QCOMPARE(image.pixelColor(0, 0), paper);
        QCOMPARE(image.pixelColor(0, 1), ink);
        QCOMPARE(image.pixelColor(1, 0), QColor(110, 70, 130));
        const QImage flat = samplePicture(pictures({1, 2, 2}, bytes), 0, paper, ink);
        QCOMPARE(flat.pixelColor(1, 1), paper);
        const QImage clear =
            samplePicture(pictures({1, 2, 2}, bytes), 1, QColor(0, 0, 0, 0), QColor(0, 0, 0));
        QCOMPARE(clear.pixelColor(0, 0).alpha(), 0);
        QCOMPARE(clear.pixelColor(1, 0).alpha(), 128);
    }

    void numbersAreStretchedOverTheirRange() {
        const Features numbers((Matrix<double>(3, 1) << -4, 0, 4).finished());
        QCOMPARE(samplePicture(pictures({3, 1, 1}, numbers), 0, paper, ink).pixelColor(0, 0),
                 QColor(0, 128, 255));
        QCOMPARE(samplePicture(pictures({1, 1, 3}, numbers), 0, paper, ink).pixelColor(2, 0), ink);
    }
};

QTEST_MAIN(SamplePictureTest)
#include "sample_picture_test.moc"
