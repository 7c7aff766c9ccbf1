// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/view_test.h"
#include "ui/views/prediction_curve.h"
#include "ui/views/prediction_scatter.h"
#include "ui/views/prediction_surface.h"
#include "ui/views/view_catalog.h"

using namespace kappascope;
using namespace kappascope::ui;
using namespace kappascope::test;

/// Pictures of networks for numbers: curve, surface, scatter; and which picture suits which data.
class RegressionViewsTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { Theme::instance().apply(); }
    void drawsTheCurveInTheRunsColour();
    void drawsTheSurfaceInSignedColours();
    void scattersPredictedAgainstTrue();
    void choosesPicturesByTheData();
};

namespace {
const QSize size(220, 220);
const QColor runColor(0xd5, 0x5e, 0x00);
} // namespace

void RegressionViewsTest::drawsTheCurveInTheRunsColour() {
    ViewWorker worker;
    PredictionCurve curve(worker);
    curve.setRunColor(runColor);
    const auto data = splitOf(regressed(columns({{-1}, {1}}), columns({{-5}, {5}})));
    Matrix<double> W(1, 1);
    W << 2;
    QVERIFY(showPicture(curve, linearSnapshot(data, W, Vector<double>::Ones(1), "mean_squared_error"), size));
    const QImage shown = curve.grab().toImage();
    // y = 2 x + 1 at x = 0.5 is 2; the plane spans +-1.3 by +-6.5 (15 % around the data), labels left and
    // below.
    const QRectF area(curve.frame().toWidget({-1.3, 6.5}), curve.frame().toWidget({1.3, -6.5}));
    QVERIFY(area.width() > 0.9 * size.width() && area.height() > 0.9 * size.height());
    const int column = static_cast<int>(area.left() + (0.5 + 1.3) / 2.6 * area.width());
    QList<int> rows;
    for (int row = 0; row < shown.height(); ++row)
        if (near(shown.pixelColor(column, row), runColor, 30)) rows << row;
    QVERIFY(!rows.isEmpty());
    QVERIFY2(rows.last() - rows.first() <= 5, "one line only"); // 2 px wide, sloping
    const double fromTop = (6.5 - 2) / 13;
    const double row = 0.5 * (rows.first() + rows.last());
    QVERIFY2(std::abs((row - area.top()) / area.height() - fromTop) < 0.01, qPrintable(QString::number(row)));
    QVERIFY(curve.textAt({column + 0.5, 20}).contains("predicts 2.0"));
}

void RegressionViewsTest::drawsTheSurfaceInSignedColours() {
    ViewWorker worker;
    PredictionSurface surface(worker);
    const auto data =
        splitOf(regressed(columns({{-1, -1}, {1, 1}, {-1, 1}, {1, -1}}), columns({{-4}, {4}, {-4}, {4}})));
    QVERIFY(showPicture(
        surface, linearSnapshot(data, columns({{4}, {0}}), Vector<double>::Zero(1), "mean_squared_error"),
        size));
    const FieldColors colors = FieldColors::fromTheme(0);
    const auto at = [&](double x) { return pixelAt(surface, surface.frame().toWidget({x, 0.3})); };
    COMPARE_COLOR(at(1.1), QColor(colors.at(1, 1)));
    COMPARE_COLOR(at(-1.1), QColor(colors.at(0, 1)));
    QVERIFY(near(at(0), Theme::instance().palette().panel, 8)); // half a cell off zero
    QVERIFY(surface.textAt(surface.frame().toWidget({0.9, 0.9})).contains("nearest sample: target 4"));
}

void RegressionViewsTest::scattersPredictedAgainstTrue() {
    ViewWorker worker;
    PredictionScatter scatter(worker);
    scatter.setRunColor(runColor);
    Matrix<double> x = Matrix<double>::Zero(3, 3);
    x.row(0) << 0, 1, 2;
    const auto data = splitOf(regressed(x, columns({{0}, {1}, {2}})));
    Matrix<double> W = Matrix<double>::Zero(1, 3);
    W(0, 0) = 0.5;
    QVERIFY(
        showPicture(scatter, linearSnapshot(data, W, Vector<double>::Zero(1), "mean_squared_error"), size));
    COMPARE_COLOR(pixelAt(scatter, scatter.frame().toWidget({2, 1})), runColor);
    const QString text = scatter.textAt(scatter.frame().toWidget({1.9, 1.1}));
    QVERIFY2(text.contains("nearest sample: target 2, predicted 1"), qPrintable(text));
}

void RegressionViewsTest::choosesPicturesByTheData() {
    const auto keys = [](const Split& split) {
        QStringList list;
        for (const ViewEntry* entry : viewsFor(split))
            list << QString::fromStdString(entry->key);
        return list;
    };
    const Matrix<double> plane = columns({{0, 0}, {1, 1}}), line = columns({{0}, {1}}),
                         wide = columns({{0, 0, 0, 0}});
    QCOMPARE(keys(*splitOf(classified(plane, {0, 1}, 2))), (QStringList{"decision_map", "confusion_matrix"}));
    QCOMPARE(keys(*splitOf(regressed(plane, line))),
             (QStringList{"prediction_surface", "prediction_scatter"}));
    QCOMPARE(keys(*splitOf(regressed(line, line))), (QStringList{"prediction_curve", "prediction_scatter"}));
    QCOMPARE(keys(*splitOf(classified(wide, {0}, 2))), QStringList{"confusion_matrix"});
    Dataset images = classified(wide, {0}, 2);
    images.image = ImageShape{1, 2, 2};
    QCOMPARE(keys(*splitOf(images)), (QStringList{"image_grid", "confusion_matrix"}));
    for (const ViewEntry& entry : viewCatalog().entries()) {
        QVERIFY(!entry.label.empty());
        QVERIFY2(entry.help.ends_with('.'), entry.key.c_str());
    }
}

QTEST_MAIN(RegressionViewsTest)
#include "regression_views_test.moc"
