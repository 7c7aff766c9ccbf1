// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/curvature/spectrum_view.h"

#include <QImage>
#include <QTest>

using namespace kappascope;
using namespace kappascope::ui;

namespace {

const QColor runColor(200, 40, 30);

SpectrumReading spectrumOf(std::initializer_list<double> eigenvalues) {
    Matrix<double> D =
        Matrix<double>::Zero(static_cast<Index>(eigenvalues.size()), static_cast<Index>(eigenvalues.size()));
    Index i = 0;
    for (const double lambda : eigenvalues)
        D(i, i) = lambda, ++i;
    return readSpectrum(D, {});
}

/// H = diag(-0.1, 0, 1, 100), of which the preconditioner makes diag(-0.1, 0, 1, 2).
std::shared_ptr<CurvatureReading> someReading() {
    auto reading = std::make_shared<CurvatureReading>();
    BlockReading block;
    block.raw = spectrumOf({-0.1, 0, 1, 100});
    block.preconditioned = spectrumOf({-0.1, 0, 1, 2});
    block.shares = Matrix<double>::Zero(2, 4);
    block.shares.row(0) << 1, 1, 0.25, 0;
    block.shares.row(1) << 0, 0, 0.75, 1;
    reading->blocks.push_back(block);
    reading->stabilityLimit = Reading::computed(10);
    return reading;
}

/// Columns of `image` between two heights that hold the run's colour.
int coloured(const QImage& image, int top, int bottom, int left, int right) {
    int count = 0;
    for (int x = left; x < right; ++x)
        for (int y = top; y < bottom; ++y)
            if (const QColor color = image.pixelColor(x, y); color.red() - color.green() > 50) {
                ++count;
                break;
            }
    return count;
}

} // namespace

class SpectrumViewTest : public QObject {
    Q_OBJECT

private slots:
    void eigenvaluesStandInOrderOnAMirroredAxis() {
        SpectrumView view;
        view.resize(600, 240);
        view.show(someReading(), BlockReading::wholeNetwork, runColor);
        const double negative = view.stickOf(false, 0).x(), one = view.stickOf(false, 2).x(),
                     hundred = view.stickOf(false, 3).x(), two = view.stickOf(true, 3).x();
        QVERIFY(negative < one && one < two && two < hundred);
        // Decades are equally wide: 1 to 100 are two, 1 to 2 are 0.30.
        QVERIFY(std::abs((two - one) / (hundred - one) - std::log10(2.0) / 2) < 1e-9);
        // Both matrices share one axis, H above.
        QCOMPARE(view.stickOf(true, 2).x(), one);
        QVERIFY(view.stickOf(false, 2).y() < view.stickOf(true, 2).y());
    }

    void everyEigenvalueIsDrawnWhereItStands() {
        SpectrumView view;
        view.resize(600, 240);
        view.show(someReading(), BlockReading::wholeNetwork, runColor);
        const QImage image = view.grab().toImage();
        for (const bool preconditioned : {false, true})
            for (const Index i : {0, 2, 3}) {
                const QPoint at = view.stickOf(preconditioned, i).toPoint();
                QVERIFY(coloured(image, at.y() - 2, at.y() + 2, at.x() - 2, at.x() + 3) > 0);
            }
    }

    void hoverTellsValueAndShares() {
        SpectrumView view;
        view.resize(600, 240);
        view.show(someReading(), BlockReading::wholeNetwork, runColor);
        const QString text = view.describe(view.stickOf(false, 2));
        QVERIFY2(text.contains("λ = 1") && text.contains("number 2 of 4"), qPrintable(text));
        QVERIFY2(text.contains("layer 1: 25.0 %") && text.contains("layer 2: 75.0 %"), qPrintable(text));
        QVERIFY(view.describe(view.stickOf(true, 3)).contains("λ = 2"));
        QVERIFY(view.describe(view.stickOf(false, 2) + QPointF(12, 0)).isEmpty());
    }

    void estimatesShowTheirDensity() {
        auto reading = someReading();
        SpectrumReading& raw = reading->blocks[0].raw;
        raw.exact = false;
        raw.density.size = 1000;
        SpectralDensity::Sample sample;
        sample.nodes.resize(2);
        sample.nodes << 1e-3, 1;
        sample.weights.resize(2);
        sample.weights << 0.9, 0.1;
        raw.density.samples = {sample};
        raw.eigenvalues.resize(1);
        raw.eigenvalues << 1;
        raw.errors.resize(1);
        raw.errors << 0.25;
        SpectrumView view;
        view.resize(600, 240);
        view.show(reading, BlockReading::wholeNetwork, runColor);
        const QString text = view.describe(view.stickOf(false, 0));
        QVERIFY2(text.contains("1 ± 0.25"), qPrintable(text));
        QVERIFY(coloured(view.grab().toImage(), 20, 100, 60, 590) > 0); // its bars
    }

    void withoutAReadingItSaysWhy() {
        SpectrumView view;
        view.resize(400, 200);
        const QImage empty = view.grab().toImage();
        view.show(nullptr, BlockReading::wholeNetwork, runColor, "Measuring…");
        QVERIFY(view.grab().toImage() != empty);
        QVERIFY(view.stickOf(false, 0).isNull());
    }
};

QTEST_MAIN(SpectrumViewTest)
#include "spectrum_view_test.moc"
