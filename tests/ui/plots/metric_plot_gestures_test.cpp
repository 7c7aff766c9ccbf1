// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/metric_plot_stage.h"
#include "tests/support/widget_settings.h"
#include "ui/preferences.h"

#include <QToolButton>

using namespace kappascope;
using namespace kappascope::ui;
using Stage = test::MetricPlotStage;

namespace {

constexpr int steps = test::plotSteps;

} // namespace

/// Zooming, panning, hovering and cursors.
class MetricPlotGesturesTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { test::startWithOwnSettings(); }
    void init() { Preferences::instance().setSwapsGestures(false); }

    void followsTheTrainingUntilZoomed() {
        Stage stage;
        QCOMPARE(stage.canvas().xAxis->range().upper, double(steps - 1));
        stage.scene->lastX = 5000;
        stage.show();
        QCOMPARE(stage.canvas().xAxis->range().upper, 5000.0);
        stage.view.zoomTo(100, 200);
        stage.scene->lastX = 9000;
        stage.show();
        QCOMPARE(stage.canvas().xAxis->range().upper, 200.0);
        QVERIFY(stage.plot.isZoomed());
    }

    void wheelZoomsAboutTheMouse() {
        Stage stage;
        const QPoint center = stage.at(500, 0.1);
        const QCPRange x = stage.canvas().xAxis->range(), y = stage.canvas().yAxis->range();
        stage.turnWheel(center, 1);
        const QCPRange closerX = stage.canvas().xAxis->range(), closerY = stage.canvas().yAxis->range();
        QVERIFY(std::abs(closerX.size() / x.size() - 0.8) < 1e-6);
        QVERIFY(std::abs(std::log(closerY.upper / closerY.lower) / std::log(y.upper / y.lower) - 0.8) < 1e-6);
        QVERIFY((stage.at(500, 0.1) - center).manhattanLength() <= 2);
    }

    void wheelOverAnAxisZoomsThatAxisAlone() {
        Stage stage;
        const QRect frame = stage.canvas().frame();
        const QCPRange x = stage.canvas().xAxis->range(), y = stage.canvas().yAxis->range();
        stage.turnWheel({frame.left() / 2, frame.center().y()}, 1);
        QCOMPARE(stage.canvas().xAxis->range(), x);
        QVERIFY(stage.canvas().yAxis->range() != y);
        const QCPRange changed = stage.canvas().yAxis->range();
        stage.turnWheel({frame.center().x(), frame.bottom() + 8}, 1);
        QVERIFY(stage.canvas().xAxis->range() != x);
        QCOMPARE(stage.canvas().yAxis->range(), changed);
    }

    void leftDragZoomsIntoTheBox() {
        Stage stage;
        stage.drag(stage.at(200, 0.5), stage.at(600, 0.05));
        QVERIFY(std::abs(stage.canvas().xAxis->range().lower - 200) < 4);
        QVERIFY(std::abs(stage.canvas().xAxis->range().upper - 600) < 4);
        QVERIFY(std::abs(stage.canvas().yAxis->range().upper - 0.5) < 0.05);
        QVERIFY(std::abs(stage.canvas().yAxis->range().lower - 0.05) < 0.005);
        QVERIFY(stage.canvas().cursor()->picture().box.isNull());
    }

    void aFlatBoxZoomsOnlyHorizontally() {
        Stage stage;
        const QCPRange y = stage.canvas().yAxis->range();
        const QPoint from = stage.at(200, 0.1);
        stage.drag(from, from + QPoint(100, 3));
        QVERIFY(!stage.view.follows());
        stage.plot.fitVertically();
        QVERIFY(stage.plot.isZoomed());
        stage.view.follow();
        QVERIFY(!stage.plot.isZoomed());
        QVERIFY(stage.canvas().yAxis->range().contains(y.lower * 1.01));
    }

    void controlDragAndMiddleDragPan() {
        for (const bool middle : {false, true}) {
            Stage stage;
            stage.view.zoomTo(300, 500);
            const QCPRange y = stage.canvas().yAxis->range();
            const QPoint from = stage.at(400, std::sqrt(y.lower * y.upper));
            stage.drag(from, from + QPoint(40, 0), middle ? Qt::MiddleButton : Qt::LeftButton,
                       middle ? Qt::NoModifier : Qt::ControlModifier);
            QVERIFY(std::abs(stage.view.to() - stage.view.from() - 200) < 1e-6);
            const double moved = 40 * 200.0 / stage.canvas().frame().width();
            QVERIFY(std::abs(stage.view.from() - (300 - moved)) < 1);
        }
    }

    void theUserMaySwapPanAndZoom() {
        Preferences::instance().setSwapsGestures(true);
        Stage stage;
        stage.view.zoomTo(300, 500);
        const QPoint from = stage.at(400, 0.1);
        stage.drag(from, from + QPoint(40, 0));
        QVERIFY(std::abs(stage.view.to() - stage.view.from() - 200) < 1e-6); // panned
        stage.drag(from, from + QPoint(40, 0), Qt::LeftButton, Qt::ControlModifier);
        QVERIFY(stage.view.to() - stage.view.from() < 100); // zoomed
    }

    void doubleClickAndTheBadgeFollowAgain() {
        Stage stage;
        auto* badge = stage.plot.findChild<QToolButton*>();
        for (auto* button : stage.plot.findChildren<QToolButton*>())
            if (button->text() == "Follow") badge = button;
        QVERIFY(!badge->isVisible());
        stage.turnWheel(stage.at(500, 0.1), 3);
        QVERIFY(badge->isVisible());
        QTest::mouseDClick(&stage.canvas(), Qt::LeftButton, {}, stage.at(500, 0.1));
        QVERIFY(stage.view.follows());
        QVERIFY(!stage.plot.isZoomed());
        QVERIFY(!badge->isVisible());
        stage.turnWheel(stage.at(500, 0.1), 3);
        QTest::mouseClick(badge, Qt::LeftButton);
        QVERIFY(!stage.plot.isZoomed());
        QCOMPARE(stage.canvas().xAxis->range().upper, double(steps - 1));
    }

    void hoveringSnapsToAStepWithEveryRunsValue() {
        Stage stage;
        stage.hover(stage.at(250.3, 0.1));
        QVERIFY(std::abs(stage.view.cursorStep() - 250) <= 2);
        const auto& picture = stage.canvas().cursor()->picture();
        QCOMPARE(picture.table.rows().size(), std::size_t(3));
        QCOMPARE(picture.dots.size(), std::size_t(3));
        const double step = double(stage.view.cursorStep());
        QCOMPARE(picture.dots[0].at.x(), step);
        QCOMPARE(picture.dots[0].at.y(), std::exp(-0.005 * step));
        QEvent leave(QEvent::Leave);
        QApplication::sendEvent(&stage.canvas(), &leave);
        QCOMPARE(stage.view.cursorStep(), -1);
        QVERIFY(stage.canvas().cursor()->picture().dots.empty());
    }

    void hoveringDoesNotDrawTheCurvesAgain() {
        Stage stage;
        const int before = stage.replots;
        for (int x = 100; x < 400; x += 10)
            stage.hover({x, 100});
        QApplication::processEvents();
        QCOMPARE(stage.replots, before);
    }

    void shiftClickSetsCursorsAAndB() {
        Stage stage;
        QTest::mouseClick(&stage.canvas(), Qt::LeftButton, Qt::ShiftModifier, stage.at(100, 0.1));
        QTest::mouseClick(&stage.canvas(), Qt::LeftButton, Qt::ShiftModifier, stage.at(600, 0.1));
        QVERIFY(std::abs(stage.view.markA() - 100) <= 2);
        QVERIFY(std::abs(stage.view.markB() - 600) <= 2);
        stage.hover(stage.at(300, 0.1));
        QCOMPARE(stage.canvas().cursor()->picture().table.columns().size(), 4);
    }
};

QTEST_MAIN(MetricPlotGesturesTest)
#include "metric_plot_gestures_test.moc"
