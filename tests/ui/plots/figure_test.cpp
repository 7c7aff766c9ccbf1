// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure.h"

#include "tests/support/plot_scenes.h"
#include "tests/support/widget_settings.h"
#include "ui/plots/export_dialog.h"
#include "ui/theme/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QPainter>
#include <QPrinter>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

FigureContent content() {
    FigureContent figure;
    figure.title = "Loss";
    figure.xLabel = "step";
    const auto scene =
        makeScene(3, 200, [](int run, int step) { return std::exp(-0.02 * step * (run + 1)); });
    for (const PlotRun& run : scene->runs)
        figure.curves.push_back(readCurve(run, {"m", "train", Stroke::Solid}, -1, {.from = 0, .to = 200}));
    figure.flags = {{100, "rate 0.1 to 0.3"}};
    figure.toX = 200;
    figure.fromY = 1e-3; // the lowest curves leave the frame
    figure.logY = true;
    return figure;
}

int pixelsOf(const QImage& image, const QColor& color, int tolerance = 0) {
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor at = image.pixelColor(x, y);
            found += std::abs(at.red() - color.red()) <= tolerance &&
                     std::abs(at.green() - color.green()) <= tolerance &&
                     std::abs(at.blue() - color.blue()) <= tolerance;
        }
    return found;
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class FigureTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { test::startWithOwnSettings(); }

    void imageHasTheSizeAskedForAndTheLightColors() {
        Theme::instance().setMode(Theme::Mode::Dark); // of the window: paper stays light
        const QImage image = figureImage(content(), {.size = {400, 300}, .scale = 3});
        Theme::instance().setMode(Theme::Mode::Light);
        QCOMPARE(image.size(), QSize(1200, 900));
        QCOMPARE(image.pixelColor(2, 2), lightPalette().panel);
        for (int position = 0; position < 3; ++position)
            QVERIFY(pixelsOf(image, Theme::instance().runColor({}, position, false)) > 100);
    }

    void darkWhenAsked() {
        const QImage image = figureImage(content(), {.size = {400, 300}, .scale = 1, .dark = true});
        QCOMPARE(image.pixelColor(2, 2), darkPalette().panel);
    }

    void legendAndFlagsCanBeLeftOut() {
        FigureOptions bare{.size = {400, 300}, .scale = 1, .legend = false, .flags = false};
        FigureOptions full = bare;
        full.legend = true;
        FigureOptions flagged = bare;
        flagged.flags = true;
        const QImage without = figureImage(content(), bare);
        QVERIFY(figureImage(content(), full) != without);
        QVERIFY(figureImage(content(), flagged) != without);
    }

    void pdfIsAVectorFileWithItsFonts() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("figure.pdf");
        QCOMPARE(saveFigure(content(), {}, path), "");
        const QByteArray pdf = contentOf(path);
        QVERIFY(pdf.startsWith("%PDF"));
        QVERIFY(pdf.contains("/FontFile")); // embedded
        QVERIFY(!pdf.contains("/Subtype /Image"));
        // 720 x 420 units of 1/96 inch are 540 x 315 points.
        QVERIFY2(pdf.contains("/MediaBox [0 0 540.0") || pdf.contains("/MediaBox [0 0 540 "),
                 pdf.mid(pdf.indexOf("/MediaBox"), 60).constData());
    }

    void svgLooksLikeTheImageAndNeedsNoFont() {
        const QTemporaryDir folder;
        const QString path = folder.filePath("figure.svg");
        const FigureOptions options{.size = {500, 320}, .scale = 1};
        QCOMPARE(saveFigure(content(), options, path), "");
        const QByteArray svg = contentOf(path);
        QVERIFY(svg.contains("<svg"));
        QVERIFY(!svg.contains("<text"));
        QSvgRenderer renderer(path);
        QVERIFY(renderer.isValid());
        QImage image(options.size, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        const QImage reference = figureImage(content(), options).convertToFormat(QImage::Format_RGB32);
        // Two rasterizations of the same curves: nearly the same amount of each colour.
        for (int position = 0; position < 3; ++position) {
            const QColor color = Theme::instance().runColor({}, position, false);
            const double a = pixelsOf(image, color, 60), b = pixelsOf(reference, color, 60);
            QVERIFY2(std::abs(a - b) < 0.35 * b, qPrintable(QString("%1 and %2").arg(a).arg(b)));
        }
        const double textA = pixelsOf(image, lightPalette().text, 60);
        const double textB = pixelsOf(reference, lightPalette().text, 60);
        QVERIFY(textA > 0.4 * textB);
    }

    void curvesDoNotLeaveTheFrameInAnyFormat() {
        // Below the axis there must be no run's colour: SVG viewers are not asked to clip.
        const QTemporaryDir folder;
        const QString path = folder.filePath("figure.svg");
        const FigureOptions options{.size = {500, 320}, .scale = 1, .legend = false};
        QCOMPARE(saveFigure(content(), options, path), "");
        QSvgRenderer renderer(path);
        QImage image(options.size, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        renderer.render(&painter);
        painter.end();
        const QImage below = image.copy(0, 290, 500, 30);
        QCOMPARE(pixelsOf(below, Theme::instance().runColor({}, 2, false), 30), 0);
        QVERIFY(pixelsOf(image, Theme::instance().runColor({}, 2, false), 30) > 0);
    }

    void unknownFormatsAndPlacesAreRefusedWithAReason() {
        const QTemporaryDir folder;
        QVERIFY(
            saveFigure(content(), {}, folder.filePath("figure.gif")).contains("expected pdf, svg or png"));
        QVERIFY(saveFigure(content(), {}, folder.filePath("no/figure.png")).contains("no/figure.png"));
        QVERIFY(!QFile::exists(folder.filePath("figure.gif")));
    }

    void dialogWritesWhatIsChosenAndRemembersIt() {
        const QTemporaryDir folder;
        {
            ExportDialog dialog(content(), nullptr);
            dialog.setAttribute(Qt::WA_DeleteOnClose, false);
            const auto boxes = dialog.findChildren<QComboBox*>();
            QCOMPARE(boxes.size(), 2);
            boxes[0]->setCurrentIndex(boxes[0]->findData("png"));
            const auto numbers = dialog.findChildren<QSpinBox*>();
            QCOMPARE(numbers.size(), 3);
            numbers[0]->setValue(300);
            numbers[1]->setValue(200);
            numbers[2]->setValue(1);
            QVERIFY(!dialog.save(folder.filePath("no/figure.png")));
            QVERIFY(dialog.save(folder.filePath("figure.png")));
        }
        QCOMPARE(QImage(folder.filePath("figure.png")).size(), QSize(300, 200));
        ExportDialog again(content(), nullptr);
        again.setAttribute(Qt::WA_DeleteOnClose, false);
        QCOMPARE(again.format(), "png");
        QCOMPARE(again.options().size, QSize(300, 200));
    }

    void aFigureIsPrintedOnOnePage() {
        QTemporaryDir folder;
        QPrinter printer(QPrinter::HighResolution);
        printer.setOutputFormat(QPrinter::PdfFormat);
        printer.setOutputFileName(folder.filePath("page.pdf"));
        printFigure(content(), printer);
        const QByteArray pdf = contentOf(folder.filePath("page.pdf"));
        QVERIFY(pdf.startsWith("%PDF"));
        QVERIFY(pdf.contains("/Count 1"));
        QVERIFY(pdf.size() > 5000); // more than an empty page
    }
};

QTEST_MAIN(FigureTest)
#include "figure_test.moc"
