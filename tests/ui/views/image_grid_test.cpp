// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/image_grid.h"

#include "tests/support/view_test.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

class ImageGridTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void showsWrongSamplesFirst();
    void theWorstErrorStandsInFront();
    void aClickChoosesTheSample();
    void paintsInkOnPaperAsTheSampleHasIt();
    void tellsTheSampleOnHover();
    void theCaptionIsAsLongAsThereIsRoom();
};

namespace {

/// Pictures of 2 x 2 pixels; the network says 1 where the first pixel is lit.
std::shared_ptr<const Snapshot> pictures() {
    Dataset set =
        classified(columns({{0, 0, 0, 1}, {1, 0, 0, 0}, {0, 1, 0, 0}, {1, 0, 0, 1}}), {0, 1, 1, 0}, 2);
    set.image = ImageShape{1, 2, 2};
    Matrix<double> W = Matrix<double>::Zero(2, 4);
    W(0, 0) = -4;
    W(1, 0) = 4;
    return linearSnapshot(splitOf(set), W, (Vector<double>(2) << 2, -2).finished(), "cross_entropy");
}

} // namespace

void ImageGridTest::showsWrongSamplesFirst() {
    ViewWorker worker;
    ImageGrid grid(worker);
    QVERIFY(showPicture(grid, pictures(), {160, 160}));
    QList<int> order;
    for (const auto& thumbnail : grid.thumbnails())
        order << thumbnail.sample;
    QCOMPARE(order, (QList<int>{2, 3, 0, 1})); // 2: lit too late, 3: class 0 though lit
    QVERIFY(grid.thumbnails()[1].wrong());
    QVERIFY(!grid.thumbnails()[2].wrong());
}

void ImageGridTest::theWorstErrorStandsInFront() {
    ViewWorker worker;
    ImageGrid grid(worker);
    // The logits of class 1 over class 0 are 8 x: all are of class 0, the third is taken for 1 most surely.
    Dataset set = classified(columns({{-1, 0}, {0.1, 0}, {0.9, 0}, {0.4, 0}}), {0, 0, 0, 0}, 2);
    set.image = ImageShape{1, 1, 2};
    const Matrix<double> W = (Matrix<double>(2, 2) << -4, 0, 4, 0).finished();
    QVERIFY(showPicture(grid, linearSnapshot(splitOf(set), W, Vector<double>::Zero(2), "cross_entropy"),
                        {160, 160}));
    QList<int> order;
    for (const auto& thumbnail : grid.thumbnails())
        order << thumbnail.sample;
    QCOMPARE(order, (QList<int>{2, 3, 1, 0}));
    QVERIFY(std::abs(grid.thumbnails()[0].ofTruth - 1 / (1 + std::exp(7.2))) < 1e-12);
}

void ImageGridTest::aClickChoosesTheSample() {
    ViewWorker worker;
    ImageGrid grid(worker);
    QVERIFY(showPicture(grid, pictures(), {160, 160}));
    QSignalSpy chosen(&grid, &RunView::sampleChosen);
    QTest::mouseClick(&grid, Qt::LeftButton, {}, grid.cellRect(1).center().toPoint());
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen.front().front(), QVariant(3));
    QTest::mouseClick(&grid, Qt::LeftButton, {}, {80, 4}); // the caption
    QCOMPARE(chosen.size(), 1);
}

void ImageGridTest::paintsInkOnPaperAsTheSampleHasIt() {
    ViewWorker worker;
    ImageGrid grid(worker);
    QVERIFY(showPicture(grid, pictures(), {160, 160}));
    const Palette& colors = Theme::instance().palette();
    const QImage& image = grid.thumbnails()[0].image; // sample 2: second pixel of the first row
    QCOMPARE(image.pixelColor(1, 0), colors.text);
    QCOMPARE(image.pixelColor(0, 0), colors.grid);
    QCOMPARE(image.pixelColor(0, 1), colors.grid);
    // The mark around a wrong sample.
    const QRectF cell = grid.cellRect(0);
    bool marked = false;
    const QImage shown = grid.grab().toImage();
    for (int x = static_cast<int>(cell.left()); x < static_cast<int>(cell.right()); ++x)
        marked |=
            near(shown.pixelColor(x, static_cast<int>(cell.top() + cell.width() / 2)), colors.warning, 40);
    QVERIFY(marked);
}

void ImageGridTest::tellsTheSampleOnHover() {
    ViewWorker worker;
    ImageGrid grid(worker);
    QVERIFY(showPicture(grid, pictures(), {160, 160}));
    const QString text = grid.textAt(grid.cellRect(1).center());
    QVERIFY2(text.startsWith("sample 3: class c0, predicted c1 with probability 0.98"), qPrintable(text));
    QVERIFY(grid.textAt({80, 4}).startsWith("2 of 4 evaluated samples are wrong"));
}

void ImageGridTest::theCaptionIsAsLongAsThereIsRoom() {
    ViewWorker worker;
    ImageGrid grid(worker);
    QVERIFY(showPicture(grid, pictures(), {400, 160}));
    const QFontMetrics metrics(grid.font());
    QCOMPARE(grid.captionFor(metrics), QString("2 wrong, training set, 4 samples"));
    grid.resize(metrics.horizontalAdvance("2 of 4 samples wrong") + 4, 160);
    QCOMPARE(grid.captionFor(metrics), QString("2 of 4 samples wrong"));
    grid.resize(grid.width() - 1, 160);
    QCOMPARE(grid.captionFor(metrics), QString("2 of 4 wrong"));
}

QTEST_MAIN(ImageGridTest)
#include "image_grid_test.moc"
